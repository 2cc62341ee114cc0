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

    /// <summary>Deviations of the gains of the norms of attention and MLP.</summary>
    public static IReadOnlyList<SigmaNullGroup> Gains { get; } =
    [
        new("Transformer-big translation models, encoder", SigmaNullKind.SameRecipe, 6, false, 3570,
            [-0.4722, 0.1358, 0.4959, 0.6878, 0.8276, 0.9002, 0.9317, 0.9477, 0.9647, 0.9722, 0.9876, 0.9923]),
        new("Transformer-base translation models, encoder", SigmaNullKind.SameRecipe, 6, false, 135460,
            [-0.6405, -0.3620, 0.0680, 0.3972, 0.8061, 0.9411, 0.9670, 0.9793, 0.9878, 0.9915, 0.9962, 0.9996]),
        new("Transformer-big translation models, encoder and decoder", SigmaNullKind.SameRecipe, 12, false, 3570,
            [0.3363, 0.4618, 0.6288, 0.7238, 0.8121, 0.8717, 0.9007, 0.9245, 0.9446, 0.9562, 0.9664, 0.9753]),
        new("Transformer-base translation models, encoder and decoder", SigmaNullKind.SameRecipe, 12, false, 135460,
            [0.2320, 0.5032, 0.7352, 0.8570, 0.9306, 0.9689, 0.9806, 0.9870, 0.9917, 0.9939, 0.9966, 0.9988]),
        new("T5 models, 12 layers of width 768", SigmaNullKind.SameRecipe, 12, false, 45,
            [None, -0.1949, 0.3096, 0.8119, 0.8706, 0.9269, 0.9504, 0.9609, None, None, None, 0.9741]),
        new("T5 models, 24 layers of width 1,024", SigmaNullKind.SameRecipe, 24, false, 78,
            [None, 0.5001, 0.7232, 0.8054, 0.8780, 0.9156, 0.9278, 0.9311, None, None, None, 0.9561]),
        new("T5, BERT, RoBERTa, ViT and others of one recipe, any depth", SigmaNullKind.SameRecipe, 0, false, 269,
            [-0.6880, -0.3475, 0.2997, 0.6595, 0.8431, 0.9019, 0.9240, 0.9349, 0.9528, 0.9600, None, 0.9741]),
        new("models of one recipe and different depth", SigmaNullKind.SameRecipe, 0, true, 1086,
            [-0.5628, -0.2651, 0.2231, 0.5664, 0.8239, 0.8857, 0.9103, 0.9195, 0.9338, 0.9422, 0.9519, 0.9609]),
        new("models of different recipes, 6 layers", SigmaNullKind.OtherRecipe, 6, false, 655,
            [-0.8653, -0.7518, -0.3807, 0.0143, 0.3540, 0.5990, 0.7300, 0.7908, 0.8247, 0.8422, None, 0.8673]),
        new("models of different recipes, 12 layers", SigmaNullKind.OtherRecipe, 12, false, 3466,
            [-0.6840, -0.5608, -0.2201, 0.0222, 0.2449, 0.4348, 0.5407, 0.6477, 0.7246, 0.7785, 0.7985, 0.8387]),
        new("models of different recipes, 24 layers", SigmaNullKind.OtherRecipe, 24, false, 1234,
            [-0.6103, -0.5035, -0.2138, 0.0052, 0.2216, 0.4498, 0.5896, 0.6578, 0.7560, 0.7862, 0.8187, 0.8223]),
        new("models of different recipes and depth", SigmaNullKind.OtherRecipe, 0, true, 18639,
            [-0.6894, -0.5638, -0.2658, -0.0221, 0.2292, 0.4661, 0.5787, 0.6592, 0.7332, 0.7733, 0.8528, 0.9253]),
        new("related models of equal depth", SigmaNullKind.Related, 0, false, 101,
            [0.3881, 0.8158, 0.9893, 0.9996, 1.0000, 1.0000, 1.0000, 1.0000, 1.0000, None, None, 1.0000]),
        new("related models, layers dropped", SigmaNullKind.Related, 0, true, 27,
            [None, 0.0182, 0.5401, 0.7023, 0.8312, 0.8682, 0.9018, None, None, None, None, 0.9102]),
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
