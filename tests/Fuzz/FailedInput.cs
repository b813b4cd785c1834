namespace LivenessEngine.Fuzz;

/// <summary>
/// A round fails by an input that can be made shorter. That is done outside the time that a round has, and the input is told
/// as it was where the shortening takes too long or fails itself.
/// </summary>
internal sealed class FailedInput(string message, string input, Func<string> shorten, Exception? cause = null) : Exception(message, cause)
{
    private const int MostShown = 4_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>What there is to say of the input, as short as can be.</summary>
    public async Task<string> ShortenAsync()
    {
        Task<string> shortened = Task.Run(shorten);
        await Task.WhenAny(shortened, Task.Delay(Patience));
        return shortened.IsCompletedSuccessfully
            ? shortened.Result
            : $"{shortened.Exception?.InnerException?.Message ?? "shortening takes too long"}; by {input[..Math.Min(MostShown, input.Length)]}";
    }
}
