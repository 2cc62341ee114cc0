using Pedigree.Lineage;

namespace Pedigree.Cli;

/// <summary>What <c>pedigree inspect</c> shall find out.</summary>
/// <param name="Model">Path of the model.</param>
/// <param name="Measurement">What is measured on it.</param>
/// <param name="Digests">Whether digests of all values are computed.</param>
internal sealed record InspectionRequest(string Model, MeasurementOptions Measurement, bool Digests);
