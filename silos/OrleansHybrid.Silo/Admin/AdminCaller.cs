namespace OrleansHybrid.Silo.Admin;

/// <summary>Who changed something, as records show it.</summary>
internal static class AdminCaller
{
    /// <summary>The one credential that may change things is the cell's operator key.</summary>
    public static string Of(HttpContext http) => http.Request.Headers.Authorization.Count > 0 ? "operator key" : "nobody";
}
