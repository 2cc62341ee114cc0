using static Pedigree.Checkpoints.Quotation;

namespace Pedigree.Checkpoints.Adapters;

/// <summary>One method for each way in which a low-rank adapter can be wrong or not fit its base.</summary>
internal static class AdapterFault
{
    private const string MergeThere = "Merge it where it was trained (merge_and_unload of PEFT) and give the merged model.";
    private const string OtherBase = "Give the model that adapter_config.json names as its base.";

    public static CheckpointException BaseIsAdapter(string file) =>
        new($"The base {OfPath(file)} is an adapter itself.", file, hint: "Give a model with all of its weights as the base.");

    public static CheckpointException Kind(string file, string tensor) =>
        One(file, tensor, "belongs to a kind of adapter that is not read; plain LoRA of matrices and embeddings is", MergeThere);

    public static CheckpointException FactorAbsent(string file, string module) => One(file, module, "has only one of its two factors", MergeThere);

    public static CheckpointException Shapes(string file, string module) => One(file, module, "has factors whose shapes do not fit each other", MergeThere);

    public static CheckpointException ConfigAbsent(string file) => new(
        $"Beside the adapter {OfPath(file)} there is no readable adapter_config.json, so its scale is unknown.", file, hint: "Put the adapter_config.json that belongs to it into its folder.");

    public static CheckpointException Scale(string file) => new(
        $"The adapter_config.json beside {OfPath(file)} states no usable 'lora_alpha', so its scale is unknown.", file, hint: MergeThere);

    public static CheckpointException NotInBase(string file, string module, string baseModel) =>
        One(file, module, $"has no counterpart in the base {OfPath(baseModel)}", OtherBase);

    public static CheckpointException BaseShape(string file, string module, string baseModel) =>
        One(file, module, $"does not have the shape of its counterpart in the base {OfPath(baseModel)}", OtherBase);

    private static CheckpointException One(string file, string tensor, string fault, string hint) =>
        new($"In the adapter {OfPath(file)}, {Of(tensor)} {fault}.", file, tensor, hint);
}
