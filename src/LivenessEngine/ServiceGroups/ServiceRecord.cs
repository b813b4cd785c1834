namespace LivenessEngine;

/// <summary>What is registered about a service, beat or no beat: a row of Nova's <c>services</c> table.</summary>
/// <param name="Id">The row's number.</param>
/// <param name="Host">Where the service runs; the member's name.</param>
/// <param name="Binary">The program, such as <c>nova-compute</c>.</param>
/// <param name="Topic">What it does; the group's name.</param>
/// <param name="Uuid">Its identity in Nova's API; null in rows older than that.</param>
/// <param name="Version">The version of the service's objects.</param>
/// <param name="ReportCount">How often it has reported.</param>
/// <param name="IsDisabled">Whether the scheduler passes it by; no matter for the verdict.</param>
/// <param name="DisabledReason">Why, where somebody said so.</param>
/// <param name="IsForcedDown">Whether an operator has declared it down; wins before any heartbeat.</param>
/// <param name="CreatedAt">When it was registered, in Coordinated Universal Time.</param>
/// <param name="UpdatedAt">When the row was last written, in Coordinated Universal Time; null for never.</param>
public sealed record ServiceRecord(
    long Id,
    string Host,
    string Binary,
    string Topic,
    string? Uuid,
    int Version,
    int ReportCount,
    bool IsDisabled,
    string? DisabledReason,
    bool IsForcedDown,
    DateTimeOffset? CreatedAt,
    DateTimeOffset? UpdatedAt);
