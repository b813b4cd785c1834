namespace LivenessEngine.Time;

/// <summary>A way by which heartbeats come in.</summary>
internal interface IIntake
{
    /// <summary>Asks whether it keeps up. The next question waits for the answer to this one.</summary>
    /// <param name="answer">Called by any thread when all has been taken in that had come before the question.</param>
    void Ask(Action answer);
}
