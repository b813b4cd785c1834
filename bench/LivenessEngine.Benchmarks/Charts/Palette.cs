using ScottPlot;

namespace LivenessEngine.Benchmarks.Charts;

/// <summary>
/// Okabe's and Ito's colours, which are told apart by those who see few; and a shape of its own for each series, for print
/// without colour. Lines are whole, for the writer of SVG knows no others.
/// </summary>
internal static class Palette
{
    private static readonly string[] Colors = ["#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#000000", "#999999"];

    private static readonly MarkerShape[] Shapes =
    [
        MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond, MarkerShape.OpenCircle,
        MarkerShape.OpenSquare, MarkerShape.OpenTriangleUp, MarkerShape.OpenDiamond,
    ];

    public static Color Color(int series) => ScottPlot.Color.FromHex(Colors[series % Colors.Length]);

    public static MarkerShape Shape(int series) => Shapes[series % Shapes.Length];
}
