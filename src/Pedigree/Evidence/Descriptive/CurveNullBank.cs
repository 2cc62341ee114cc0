namespace Pedigree.Evidence.Descriptive;

/// <summary>What curves over depth of other parts than attention are worth: quantiles of their mean correlation among the models, pairs and labels of
/// <see cref="SigmaNullBank"/>, computed from the same captures (no group has 48 layers or a mixture of experts; 156 of 11,853 layers have a gate).</summary>
internal static class CurveNullBank
{
    private const double None = double.NaN;

    /// <summary>Deviations of the matrices into and out of the MLP, and of the gate where both models have one.</summary>
    public static IReadOnlyList<SigmaNullGroup> Mlp { get; } =
    [
        new("Transformer-big translation models, encoder", SigmaNullKind.SameRecipe, 6, false, 3570,
            [-0.5458, -0.1533, 0.5518, 0.7972, 0.9262, 0.9672, 0.9807, 0.9871, 0.9921, 0.9945, 0.9972, 0.9982]),
        new("Transformer-base translation models, encoder", SigmaNullKind.SameRecipe, 6, false, 134421,
            [-0.7976, -0.6644, -0.3036, 0.5164, 0.8619, 0.9522, 0.9716, 0.9812, 0.9876, 0.9909, 0.9964, 1.0000]),
        new("Transformer-big translation models, encoder and decoder", SigmaNullKind.SameRecipe, 12, false, 3570,
            [0.4080, 0.6557, 0.8667, 0.9326, 0.9705, 0.9866, 0.9915, 0.9941, 0.9963, 0.9974, 0.9982, 0.9989]),
        new("Transformer-base translation models, encoder and decoder", SigmaNullKind.SameRecipe, 12, false, 135460,
            [-0.6424, -0.2538, 0.1291, 0.5777, 0.8313, 0.9274, 0.9555, 0.9694, 0.9791, 0.9838, 0.9907, 1.0000]),
        new("T5 models, 12 layers of width 768", SigmaNullKind.SameRecipe, 12, false, 45,
            [None, 0.0274, 0.4708, 0.6681, 0.7958, 0.8904, 0.9178, 0.9390, None, None, None, 0.9528]),
        new("T5 models, 24 layers of width 1,024", SigmaNullKind.SameRecipe, 24, false, 78,
            [None, -0.1361, 0.2064, 0.4610, 0.5792, 0.6966, 0.8255, 0.9000, None, None, None, 0.9397]),
        new("T5, BERT, RoBERTa, ViT and others of one recipe, any depth", SigmaNullKind.SameRecipe, 0, false, 265,
            [-0.2632, -0.1014, 0.3128, 0.5490, 0.6846, 0.8532, 0.8993, 0.9236, 0.9587, 0.9836, None, 0.9935]),
        new("models of one recipe and different depth", SigmaNullKind.SameRecipe, 0, true, 1102,
            [-0.4505, -0.3082, 0.1468, 0.4611, 0.6696, 0.8043, 0.8604, 0.9091, 0.9502, 0.9561, 0.9644, 0.9649]),
        new("models of different recipes, 6 layers", SigmaNullKind.OtherRecipe, 6, false, 676,
            [-0.8768, -0.7698, -0.3648, 0.1443, 0.5793, 0.8601, 0.9294, 0.9590, 0.9726, 0.9773, None, 0.9851]),
        new("models of different recipes, 12 layers", SigmaNullKind.OtherRecipe, 12, false, 3367,
            [-0.8327, -0.6722, -0.3355, 0.0330, 0.3654, 0.6274, 0.7474, 0.8145, 0.8619, 0.9033, 0.9179, 0.9319]),
        new("models of different recipes, 24 layers", SigmaNullKind.OtherRecipe, 24, false, 1399,
            [-0.8131, -0.6860, -0.3249, -0.0523, 0.2923, 0.5392, 0.6572, 0.7110, 0.7762, 0.7917, 0.8995, 0.9092]),
        new("models of different recipes and depth", SigmaNullKind.OtherRecipe, 0, true, 21232,
            [-0.8261, -0.6628, -0.2751, 0.0269, 0.3101, 0.5858, 0.7198, 0.8047, 0.8624, 0.8892, 0.9296, 0.9695]),
        new("related models of equal depth", SigmaNullKind.Related, 0, false, 97,
            [None, 0.7682, 0.9665, 0.9954, 0.9995, 1.0000, 1.0000, 1.0000, None, None, None, 1.0000]),
        new("related models, layers dropped", SigmaNullKind.Related, 0, true, 27,
            [None, 0.5000, 0.8349, 0.8919, 0.9342, 0.9369, 0.9416, None, None, None, None, 0.9449]),
    ];

    /// <summary>Mean gains of the norms of attention and MLP.</summary>
    public static IReadOnlyList<SigmaNullGroup> Gains { get; } =
    [
        new("Transformer-big translation models, encoder", SigmaNullKind.SameRecipe, 6, false, 3570,
            [0.1259, 0.3408, 0.6751, 0.8605, 0.9603, 0.9833, 0.9893, 0.9926, 0.9950, 0.9959, 0.9973, 0.9976]),
        new("Transformer-base translation models, encoder", SigmaNullKind.SameRecipe, 6, false, 135460,
            [-0.8058, -0.3284, 0.2129, 0.6273, 0.8782, 0.9531, 0.9728, 0.9828, 0.9897, 0.9928, 0.9960, 0.9989]),
        new("Transformer-big translation models, encoder and decoder", SigmaNullKind.SameRecipe, 12, false, 3570,
            [0.7661, 0.8302, 0.9273, 0.9594, 0.9754, 0.9840, 0.9879, 0.9903, 0.9922, 0.9933, 0.9953, 0.9968]),
        new("Transformer-base translation models, encoder and decoder", SigmaNullKind.SameRecipe, 12, false, 135460,
            [0.1162, 0.1989, 0.3710, 0.6923, 0.8796, 0.9430, 0.9644, 0.9761, 0.9848, 0.9888, 0.9943, 0.9994]),
        new("T5 models, 12 layers of width 768", SigmaNullKind.SameRecipe, 12, false, 45,
            [None, 0.5740, 0.8219, 0.8859, 0.9211, 0.9393, 0.9503, 0.9601, None, None, None, 0.9663]),
        new("T5 models, 24 layers of width 1,024", SigmaNullKind.SameRecipe, 24, false, 78,
            [None, 0.6447, 0.7360, 0.8015, 0.8755, 0.9125, 0.9218, 0.9249, None, None, None, 0.9395]),
        new("T5, BERT, RoBERTa, ViT and others of one recipe, any depth", SigmaNullKind.SameRecipe, 0, false, 269,
            [-0.6189, 0.1725, 0.6270, 0.7927, 0.8689, 0.9200, 0.9332, 0.9445, 0.9642, 0.9842, None, 0.9949]),
        new("models of one recipe and different depth", SigmaNullKind.SameRecipe, 0, true, 1086,
            [-0.5465, 0.1469, 0.4990, 0.7193, 0.8329, 0.8858, 0.9114, 0.9336, 0.9465, 0.9588, 0.9716, 0.9749]),
        new("models of different recipes, 6 layers", SigmaNullKind.OtherRecipe, 6, false, 655,
            [-0.8571, -0.6782, -0.2402, 0.1316, 0.4492, 0.7023, 0.8259, 0.9000, 0.9251, 0.9375, None, 0.9550]),
        new("models of different recipes, 12 layers", SigmaNullKind.OtherRecipe, 12, false, 3466,
            [-0.7785, -0.5971, -0.2626, 0.0704, 0.3898, 0.6611, 0.7938, 0.8530, 0.8849, 0.8981, 0.9068, 0.9198]),
        new("models of different recipes, 24 layers", SigmaNullKind.OtherRecipe, 24, false, 1234,
            [-0.7186, -0.6293, -0.3156, 0.0987, 0.4020, 0.6720, 0.7642, 0.7947, 0.8353, 0.8638, 0.9396, 0.9397]),
        new("models of different recipes and depth", SigmaNullKind.OtherRecipe, 0, true, 18639,
            [-0.7809, -0.6302, -0.2594, 0.0993, 0.4155, 0.6775, 0.7901, 0.8600, 0.8950, 0.9157, 0.9484, 0.9717]),
        new("related models of equal depth", SigmaNullKind.Related, 0, false, 101,
            [0.5902, 0.9232, 0.9949, 0.9999, 1.0000, 1.0000, 1.0000, 1.0000, 1.0000, None, None, 1.0000]),
        new("related models, layers dropped", SigmaNullKind.Related, 0, true, 27,
            [None, 0.4225, 0.7262, 0.8997, 0.9663, 0.9714, 0.9739, None, None, None, None, 0.9741]),
    ];

    /// <summary>Deviations of the biases of query, key and value.</summary>
    public static IReadOnlyList<SigmaNullGroup> Biases { get; } =
    [
        new("Transformer-big translation models, encoder", SigmaNullKind.SameRecipe, 6, false, 3570,
            [0.1035, 0.3598, 0.6961, 0.8342, 0.9179, 0.9597, 0.9710, 0.9795, 0.9848, 0.9885, 0.9919, 0.9927]),
        new("Transformer-base translation models, encoder", SigmaNullKind.SameRecipe, 6, false, 135460,
            [-0.2395, -0.0359, 0.3137, 0.5239, 0.7096, 0.8250, 0.8726, 0.9042, 0.9337, 0.9469, 0.9711, 0.9978]),
        new("Transformer-big translation models, encoder and decoder", SigmaNullKind.SameRecipe, 12, false, 3570,
            [0.3844, 0.5019, 0.6427, 0.7294, 0.8102, 0.8688, 0.8986, 0.9168, 0.9329, 0.9432, 0.9582, 0.9824]),
        new("Transformer-base translation models, encoder and decoder", SigmaNullKind.SameRecipe, 12, false, 135460,
            [-0.0419, 0.1181, 0.4189, 0.5883, 0.7198, 0.8133, 0.8573, 0.8873, 0.9143, 0.9293, 0.9544, 0.9821]),
        new("T5, BERT, RoBERTa, ViT and others of one recipe, any depth", SigmaNullKind.SameRecipe, 0, false, 119,
            [0.3084, 0.3863, 0.5145, 0.6082, 0.6863, 0.7925, 0.8218, 0.8466, 0.8709, None, None, 0.8898]),
        new("models of one recipe and different depth", SigmaNullKind.SameRecipe, 0, true, 459,
            [0.1860, 0.2365, 0.4125, 0.5702, 0.6677, 0.7401, 0.7995, 0.8370, 0.8571, 0.8835, None, 0.8910]),
        new("models of different recipes, 6 layers", SigmaNullKind.OtherRecipe, 6, false, 559,
            [-0.2470, -0.0837, 0.2584, 0.4063, 0.6684, 0.8185, 0.8593, 0.8960, 0.9098, 0.9253, None, 0.9663]),
        new("models of different recipes, 12 layers", SigmaNullKind.OtherRecipe, 12, false, 2424,
            [-0.5863, -0.4525, -0.1705, 0.0560, 0.2818, 0.4728, 0.5715, 0.6444, 0.7200, 0.7648, 0.7885, 0.8398]),
        new("models of different recipes, 24 layers", SigmaNullKind.OtherRecipe, 24, false, 713,
            [-0.3722, -0.2798, -0.1014, 0.0677, 0.2331, 0.4372, 0.5382, 0.5881, 0.6278, 0.6614, None, 0.6866]),
        new("models of different recipes and depth", SigmaNullKind.OtherRecipe, 0, true, 13255,
            [-0.4812, -0.3517, -0.1121, 0.0602, 0.2538, 0.4300, 0.5386, 0.6263, 0.7133, 0.7503, 0.8372, 0.9049]),
        new("related models of equal depth", SigmaNullKind.Related, 0, false, 96,
            [None, 0.8723, 0.9985, 0.9997, 1.0000, 1.0000, 1.0000, 1.0000, None, None, None, 1.0000]),
        new("related models, layers dropped", SigmaNullKind.Related, 0, true, 27,
            [None, 0.6101, 0.6254, 0.8418, 0.9659, 0.9670, 0.9682, None, None, None, None, 0.9685]),
    ];
}
