using System.Diagnostics;
using System.Text;
using System.Text.Json;
using LivenessEngine.Testing;

namespace LivenessEngine.Database.Tests.Nova;

/// <summary>Nova's own services and its driver db, in a Python process: see nova_services.py.</summary>
internal sealed class NovaServices : IAsyncDisposable
{
    private const string Python = "/usr/bin/python3";

    private readonly Process _process;
    private readonly StringBuilder _error = new();

    private NovaServices(string url)
    {
        var start = new ProcessStartInfo(Python)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Nova", "nova_services.py"));
        start.ArgumentList.Add(url);
        _process = new Process { StartInfo = start };
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_error)
            {
                _error.AppendLine(line.Data);
            }
        };
        _process.Start();
        _process.BeginErrorReadLine();
    }

    /// <summary>Ends the test, as skipped or failed, where Nova is not installed.</summary>
    public static async Task<NovaServices> StartAsync(string url)
    {
        ChildProcess nova = File.Exists(Python) ? await ChildProcess.RunAsync(Python, ["-c", "import nova, pymysql"]) : null!;
        if (nova is null || nova.ExitCode != 0)
        {
            Installed.Missing("Nova is not installed (Debian: apt-get install python3-nova python3-pymysql)");
        }

        var services = new NovaServices(url);
        await services.AnswerAsync();
        return services;
    }

    /// <summary>Each registers, if it has no row, and reports once; returns those whose row is gone.</summary>
    public async Task<string[]> BeatAsync(string topic, params string[] hosts)
        => (await AskAsync($"beat {topic} {string.Join(' ', hosts)}")).Deserialize<string[]>()!;

    /// <summary>Who is up, and who is not, for Nova.</summary>
    public async Task<Dictionary<string, bool>> UpAsync() => (await AskAsync("up")).Deserialize<Dictionary<string, bool>>()!;

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task<JsonElement> AskAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
        return await AnswerAsync();
    }

    private async Task<JsonElement> AnswerAsync()
    {
        string? line = await Eventually.Of(_process.StandardOutput.ReadLineAsync(), "Nova answers");
        if (line is null)
        {
            await _process.WaitForExitAsync();
            lock (_error)
            {
                Assert.Fail($"Nova has ended: {_error}");
            }
        }

        return JsonSerializer.Deserialize<JsonElement>(line!);
    }
}
