namespace Pedigree.Checkpoints.Quantised;

/// <summary>A way to store weights as several tensors.</summary>
internal interface IQuantisationScheme
{
    /// <summary>The weights that are stored so. Every shape has been checked against the others; what does not fit is left out.</summary>
    IEnumerable<QuantisedTensor> Find(StoredParts parts);
}
