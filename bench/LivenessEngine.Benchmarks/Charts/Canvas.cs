using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace LivenessEngine.Benchmarks.Charts;

/// <summary>An empty chart as all of ours look, and the files that it is written to.</summary>
internal sealed class Canvas
{
    private const int Width = 1000;
    private const int Height = 560;


    /// <param name="title">What it shows.</param>
    /// <param name="across">The axis below, with its unit.</param>
    /// <param name="up">The axis on the left, with its unit.</param>
    /// <param name="note">Small print: machine and commit.</param>
    public Canvas(string title, string across, string up, string note)
    {
        Plot.Font.Set("DejaVu Sans");
        Plot.Title(title);
        Plot.XLabel($"{across}\n{note}");
        Plot.Axes.Bottom.Label.FontSize = 13;
        Plot.Axes.Bottom.Label.Bold = false;
        Plot.YLabel(up);
        Plot.Axes.Left.Label.Bold = false;
        Plot.Grid.MajorLineColor = Colors.Black.WithOpacity(0.12);
        Plot.Axes.Right.IsVisible = false;
        Plot.Axes.Top.FrameLineStyle.Width = 0;
    }

    public Plot Plot { get; } = new();

    /// <summary>What stands at powers of ten on an axis of logarithms.</summary>
    public static NumericAutomatic Powers(Func<double, string> label) => new()
    {
        MinorTickGenerator = new LogMinorTickGenerator(),
        IntegerTicksOnly = true,
        LabelFormatter = power => label(Math.Pow(10, power)),
    };

    public static string Short(double number) => number switch
    {
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{number / 1e6:0.##} M"),
        >= 1e3 => string.Create(CultureInfo.InvariantCulture, $"{number / 1e3:0.##} k"),
        _ => number.ToString("0.###", CultureInfo.InvariantCulture),
    };

    /// <summary>Writes NAME.svg, and NAME.png beside it.</summary>
    public void Save(string folder, string name)
    {
        Plot.SaveSvg(Path.Combine(folder, name + ".svg"), Width, Height);
        Plot.SavePng(Path.Combine(folder, name + ".png"), Width, Height);
    }
}
