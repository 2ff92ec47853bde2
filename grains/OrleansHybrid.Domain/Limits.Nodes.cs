namespace OrleansHybrid.Domain;

/// <content>Bounds of enrolment, check-ins, twins and regions.</content>
public static partial class Limits
{
    /// <summary>Check-ins a second that a cell aims at: with more nodes each is told to call less often. Owner: whoever runs the cell.</summary>
    public const int CheckInsPerSecondAim = 500;

    /// <summary>The shortest and the longest pause between two check-ins of a node. Longer ones would show a dead node as alive for half an hour. Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan CheckInIntervalMin = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan CheckInIntervalMax = TimeSpan.FromMinutes(5);

    /// <summary>A node is stale after so many of the intervals that it was told, and never before <see cref="NodeStaleAfter"/>: three calls missed, each spread by <see cref="PollJitter"/>. Owner: whoever runs the cell.</summary>
    public const double CheckInStaleIntervals = 3 * (1 + PollJitter);

    /// <summary>First pause after a check-in that failed; it doubles to <see cref="CheckInIntervalMax"/>. Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan CheckInBackOffMin = TimeSpan.FromSeconds(1);

    /// <summary>Check-ins of one call to a shard. More wait for the next. Owner: the maintainers of OrleansHybrid.</summary>
    public const int CheckInBatchMax = 256;

    /// <summary>Check-ins that wait on one silo. Above: RESOURCE_EXHAUSTED with <see cref="CheckInRetryAfter"/>; the node calls again. Owner: whoever runs the cell.</summary>
    public const int CheckInQueueMax = 4096;
    public static readonly TimeSpan CheckInRetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>Another copy of a node or region is let in only when the one that is known was silent for this long: twice the longest pause between check-ins. Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan InstanceQuietMin = TimeSpan.FromMinutes(10);

    /// <summary>Runs before this one that a node names: those of which no check-in was answered, and the last that was. A node that starts more often without reaching its cell is taken for a copy. Owner: the maintainers of OrleansHybrid.</summary>
    public const int InstancePreviousMax = 16;

    /// <summary>Life of a join token when none is asked for, and the longest. Longer: refused; a token is for the day on which a box is set up. Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan JoinTokenLifetime = TimeSpan.FromHours(1);
    public static readonly TimeSpan JoinTokenLifetimeMax = TimeSpan.FromHours(24);

    /// <summary>Nodes that one join token enrols at most. More: refused. Owner: whoever runs the cell.</summary>
    public const int JoinTokenUsesMax = 1000;

    /// <summary>Join tokens of a cell, ended ones included. Above: new ones are refused. Owner: whoever runs the cell.</summary>
    public const int JoinTokensMax = 500;

    /// <summary>A join token that ended longer ago leaves the list when a new one is made. Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan JoinTokenForgottenAfter = TimeSpan.FromDays(7);

    /// <summary>Credentials that a cell remembers as revoked. Above: no more are revoked or replaced, with the reason, since a forgotten one would be good again. Owner: whoever runs the cell.</summary>
    public const int RevokedSerialsMax = 20_000;

    /// <summary>How often a silo reads its cell's fleet key, tokens and revocations: a revoked node is refused everywhere within one. Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan FleetTrustRefreshInterval = TimeSpan.FromSeconds(2);

    /// <summary>How often the keeper of the fleet's trust looks at its store. Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan FleetTrustRereadInterval = TimeSpan.FromSeconds(30);

    /// <summary>Characters of a node's credential. Longer: refused unread. Owner: the maintainers of OrleansHybrid.</summary>
    public const int NodeCredentialCharsMax = 1024;

    /// <summary>Credentials that a silo remembers as checked, some 500 bytes each. More: the rest is checked at each call. Owner: whoever runs the cell.</summary>
    public const int NodeCredentialsKept = 50_000;

    /// <summary>Refusals of one node that a silo writes into the audit log in one run, of versions, and as many of documents. More: they are in its report only. Owner: whoever runs the cell.</summary>
    public const int NodeRefusalsMax = 200;

    /// <summary>Characters of a node's, cell's or region's name: one label of DNS. Owner: the maintainers of OrleansHybrid.</summary>
    public const int NodeNameCharsMax = 63;

    /// <summary>Labels of a node, versions, variants, problems and execution providers of a report. More: the report is refused. Owner: the maintainers of OrleansHybrid.</summary>
    public const int NodeLabelsMax = 32;
    public const int NodeVersionsMax = 512;
    public const int NodeVariantsMax = 1024;
    public const int NodeProblemsMax = 16;
    public const int NodeProvidersMax = 16;

    /// <summary>Refused documents of a report, those of the last <see cref="DocumentRefusedTold"/>. A node tells the last ones; a report with more is refused. Owner: the maintainers of OrleansHybrid.</summary>
    public const int NodeRefusedDocumentsMax = 32;

    /// <summary>Characters of a label, a reason or a problem of a node's report. Longer: the report is refused. Owner: the maintainers of OrleansHybrid.</summary>
    public const int NodeTextCharsMax = 300;

    /// <summary>Battery and temperature are told in steps of this, so that they do not make every report a new one. Owner: the maintainers of OrleansHybrid.</summary>
    public const int NodeReadingStep = 5;

    /// <summary>Regions of one farm. Above: new ones are refused. Owner: whoever runs the cell.</summary>
    public const int RegionsMax = 1000;

    /// <summary>Rows of counts, of totals and nodes named in a region's report. Counts and outliers above it are left out, the healthiest first; a report with more is refused. Owner: the maintainers of OrleansHybrid.</summary>
    public const int RegionCountsMax = 5000;
    public const int RegionTotalsMax = 2000;
    public const int RegionOutliersMax = 100;

    /// <summary>Epochs of totals kept apart for one version of one region. More: the oldest are added up and closed, and nothing of them is taken any more. Owner: the maintainers of OrleansHybrid.</summary>
    public const int RegionEpochsMax = 8;

    /// <summary>How often a region reports to the cell above, and how long a silo has the turn of doing so. Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan RegionReportInterval = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan RegionTurnMax = TimeSpan.FromSeconds(15);

    /// <summary>How often totals of a region are written that changed. What is lost comes again with the next report. Owner: the maintainers of OrleansHybrid.</summary>
    public static readonly TimeSpan RegionWriteInterval = TimeSpan.FromSeconds(10);
}
