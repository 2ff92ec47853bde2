namespace OrleansHybrid.Domain.Routing;

/// <summary>Tells every observer; an array walk on the request's path.</summary>
public sealed class CompositeRequestObserver(IEnumerable<IRequestObserver> observers) : IRequestObserver
{
    private readonly IRequestObserver[] observers = observers.ToArray();

    public void AttemptEnded(in AttemptReport attempt)
    {
        foreach (var observer in observers) observer.AttemptEnded(in attempt);
    }

    public void ClassifierEnded(in ClassifierReport classifier)
    {
        foreach (var observer in observers) observer.ClassifierEnded(in classifier);
    }

    public void RequestEnded(in RequestReport report)
    {
        foreach (var observer in observers) observer.RequestEnded(in report);
    }
}
