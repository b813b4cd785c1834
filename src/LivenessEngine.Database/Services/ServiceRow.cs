using LivenessEngine.ServiceGroups;

namespace LivenessEngine.Database.Services;

/// <summary>A row of the <c>services</c> table that is not deleted.</summary>
internal readonly record struct ServiceRow(ServiceRecord Service, Evidence Evidence)
{
    public long Id => Service.Id;
}
