namespace Pedigree.Cli.Rendering.Html;

/// <summary>How pages look: like a quiet newspaper, by day and by night, on a phone and on paper. Meaning is carried by words and shapes; colour only repeats it.</summary>
internal static class StyleSheet
{
    /// <summary>The style sheet.</summary>
    public const string Text = """

        :root{color-scheme:light dark;--paper:#fbfaf6;--ink:#1b1b1b;--quiet:#55534d;--line:#cfcabd;--cell:#ebe7dc;--fill:#24405e;--band:#e6e1d3;--inner:#cfc7b2;--suspect:#0b4f8a;--reference:#8a3c00;
        --serif:Charter,"Bitstream Charter","Sitka Text",Cambria,Georgia,"Liberation Serif",serif;--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Liberation Sans",Arial,sans-serif;--mono:ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace}
        @media (prefers-color-scheme:dark){:root{--paper:#15171a;--ink:#ececea;--quiet:#b5b2aa;--line:#3d4147;--cell:#2a2e34;--fill:#9dbbe0;--band:#262a30;--inner:#3b424c;--suspect:#8fc1ff;--reference:#ffb07a}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
        body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.55 var(--serif);font-variant-numeric:lining-nums;overflow-wrap:anywhere}
        main,.masthead,.foot{max-width:46rem;margin:0 auto;padding:0 1.1rem}
        .skip{position:absolute;left:-99rem}
        .skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.5rem;z-index:1}
        :focus-visible{outline:3px solid var(--suspect);outline-offset:2px}
        .masthead{padding-top:1.2rem;display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1rem;font:.8125rem/1.5 var(--sans);color:var(--quiet)}
        .masthead p{margin:0}
        .masthead b{color:var(--ink);letter-spacing:.06em}
        h1,h2,h3,h4{line-height:1.2;margin:0;text-wrap:balance}
        h1,.sentence{font:700 clamp(1.75rem,5.2vw,2.7rem)/1.13 var(--serif);letter-spacing:-.012em;margin:.35rem 0 .9rem}
        h2{font-size:1.5rem;margin:2.6rem 0 .3rem;padding-top:.7rem;border-top:3px double var(--line)}
        h3{font-size:1.22rem;margin:1.8rem 0 .3rem}
        h4{font:600 .875rem/1.35 var(--sans);margin:0 0 .35rem}
        section h4{margin-top:1.2rem}
        h4 small,h3 small{font-weight:400;color:var(--quiet)}
        p{margin:.45rem 0 .7rem}
        bdi{unicode-bidi:isolate}
        code{font-family:var(--mono);font-size:.86em}
        h2.sentence{border:0;padding:0;font-size:clamp(1.5rem,4.4vw,2.2rem)}
        article+article{margin-top:4rem}
        .verdict{border-top:6px solid var(--ink);margin-top:.7rem;padding-top:.8rem}
        .kicker{font:700 .8125rem/1.4 var(--sans);letter-spacing:.07em;text-transform:uppercase;margin:0}
        .kicker span{font-weight:400;letter-spacing:0;text-transform:none;color:var(--quiet)}
        .kicker .sign{font-size:1.05em;color:var(--ink);padding-right:.35em}
        .strength{border-left:4px solid var(--ink);padding-left:.9rem;margin:0 0 1.3rem}
        .strength .word{font:700 1.06rem/1.3 var(--sans);margin:0 0 .25rem}
        .strength p{margin:.3rem 0}
        .keys{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.6rem,1fr));gap:0;margin:1.2rem 0;border-top:1px solid var(--line);border-bottom:1px solid var(--line)}
        .keys div{padding:.7rem .9rem .8rem 0}
        .keys dt{font:.8125rem/1.4 var(--sans);color:var(--quiet)}
        .keys dd{margin:0;font:700 1.5rem/1.2 var(--serif);font-variant-numeric:tabular-nums lining-nums}
        .keys div{display:flex;flex-direction:column-reverse;justify-content:flex-end}
        .columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(17rem,1fr));gap:0 2rem}
        .columns h2,.columns h3{font:700 1rem/1.3 var(--sans);border:0;padding:0;margin:1rem 0 .2rem}
        ul{margin:.3rem 0 .8rem;padding-left:1.15rem}
        li{margin:.28rem 0}
        .columns li{font-size:.97rem;line-height:1.45}
        .meaning,.lead{color:var(--quiet)}
        .lead b{color:var(--ink)}
        .record h2,.record h3{font:700 1rem/1.3 var(--sans);border:0;padding:0;margin:1.2rem 0 .2rem}
        .record dl{display:grid;grid-template-columns:minmax(5.5rem,auto) 1fr;gap:.15rem 1rem}
        .record dt{margin:.1rem 0 0}
        figure{margin:2.2rem 0;padding-top:.9rem;border-top:1px solid var(--line)}
        figure h3{margin-top:0}
        figcaption{font:.8125rem/1.45 var(--sans);color:var(--quiet);margin-top:.6rem}
        .panels{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(17rem,100%),1fr));gap:1.3rem 1.6rem;margin:.8rem 0 .4rem;align-items:start}
        .panel{min-width:0;max-width:27rem}
        .panel p{font:.875rem/1.4 var(--sans);margin:.35rem 0}
        .panel p.small{min-height:2.8em;color:var(--quiet)}
        .panel p.small b{color:var(--ink)}
        .quiet,.table caption{color:var(--quiet)}
        .attention{font-weight:700}
        svg{display:block;width:100%;height:auto;overflow:visible}
        .label{font:11px var(--sans);fill:var(--quiet)}
        .label.strong{fill:var(--ink);font-weight:700}
        .label.small{font-size:9.5px}
        .label.over{font-size:9px;paint-order:stroke;stroke:var(--cell);stroke-width:3px}
        .frame{fill:none;stroke:var(--line);stroke-width:1}
        .dots{fill:none;stroke:var(--ink);stroke-width:3.2;stroke-linecap:round}
        .dots.near{stroke:var(--suspect);stroke-width:3.4}
        .dots.core{stroke:var(--paper);stroke-width:1.6}
        .cell{fill:var(--cell);stroke:var(--quiet);stroke-width:.6}
        .fill{fill:var(--fill)}
        .fill.weak{fill:var(--inner);stroke:var(--quiet);stroke-width:.6}
        .luck{stroke:var(--ink);stroke-width:1.4;stroke-dasharray:2.5 2}
        .luck.under{stroke:var(--paper);stroke-width:2.6;stroke-dasharray:none}
        .layer{fill:var(--cell);stroke:var(--quiet);stroke-width:1}
        .layer.none{fill:none;stroke-dasharray:3 3}
        .slice{stroke:var(--quiet);stroke-width:.7}
        .ribbon{fill:var(--suspect);fill-opacity:.4;stroke:var(--suspect);stroke-width:.6}
        .band{fill:var(--band)}
        .band.inner{fill:var(--inner)}
        .zero{stroke:var(--line);stroke-width:.8}
        .series{fill:none;stroke-width:2.2;stroke-linejoin:round}
        .series.suspect{stroke:var(--suspect)}
        .series.reference{stroke:var(--reference);stroke-dasharray:6 4}
        .mark.suspect{fill:var(--suspect)}
        .mark.reference{fill:var(--paper);stroke:var(--reference);stroke-width:1.6}
        .bar{fill:var(--inner)}
        .bar.reached{fill:var(--fill)}
        .score{stroke:var(--ink);stroke-width:1.8}
        .score.thin{stroke:var(--quiet);stroke-width:1}
        .key{display:inline-block;width:2.4rem;vertical-align:middle;margin-right:.3rem}
        .keyline{font:.8125rem/1.6 var(--sans);display:flex;flex-wrap:wrap;gap:.1rem 1.2rem;padding:0;list-style:none;margin:.4rem 0}
        .table{overflow-x:auto;margin:.6rem 0 1rem}
        table{border-collapse:collapse;width:100%;font:.8125rem/1.4 var(--sans);font-variant-numeric:tabular-nums lining-nums}
        .table caption{text-align:left;padding:.2rem 0 .35rem}
        th,td{padding:.32rem .55rem .32rem 0;text-align:left;vertical-align:top;border-top:1px solid var(--line);font-weight:400}
        thead th{font-weight:600;vertical-align:bottom;border-top:0;border-bottom:1px solid var(--ink)}
        .number{text-align:right}
        th.number:last-child,td.number:last-child{padding-right:0}
        td.number{white-space:nowrap}
        .number+.words{padding-left:.9rem}
        thead th{overflow-wrap:normal}
        dl{margin:.4rem 0 .9rem}
        .unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        section dt,main>dl:not(.keys) dt{font:600 .8125rem/1.45 var(--sans);margin-top:.5rem}
        section dd,main>dl:not(.keys) dd{margin:.05rem 0 .2rem;font-size:.97rem;line-height:1.45}
        section ul:has(.mark){list-style:none;padding-left:0}
        section ul:has(.mark) li{padding-left:1.9rem;position:relative;font-size:.97rem;line-height:1.45}
        section li>.mark{position:absolute;left:0;font:600 .875rem/1.7 var(--sans)}
        details{margin:.6rem 0}
        summary{font:.875rem/1.5 var(--sans);cursor:pointer;color:var(--quiet)}
        details>details{margin-left:1rem}
        .command{display:block;font:.8125rem/1.5 var(--mono);background:var(--cell);padding:.7rem .8rem;margin:.4rem 0 .9rem}
        .foot{margin-top:3rem;padding-bottom:3rem;font:.8125rem/1.5 var(--sans);color:var(--quiet)}
        @media (max-width:30rem){.record dl{display:block}body{font-size:1rem}table{font-size:.75rem}th,td{padding-right:.4rem}.label{font-size:11.5px}}
        @media print{:root{--paper:#fff;--ink:#000;--quiet:#333;--line:#aaa;--cell:#eee;--fill:#222;--band:#e4e4e4;--inner:#c4c4c4;--suspect:#003a6b;--reference:#7a3500}
        body{font-size:10.5pt}main,.masthead,.foot{max-width:none;padding:0}.skip,.foot nav{display:none}h2,h3,h4{break-after:avoid}figure,.panel,tr,.strength,li{break-inside:avoid}
        .panels{grid-template-columns:repeat(2,1fr)}.table{overflow:visible}details{display:none}h1{font-size:24pt}@page{margin:16mm 15mm}}

        """;
}
