namespace OrleansHybrid.Grains.Tests.Routing;

/// <summary>The design's policy by example, which the broken ones are spoiled from.</summary>
public static class PolicySample
{
    public const string Good = """
        policy: farm-default
        revision: 7
        prices:
          edge:  { compute_ms: 0.2, loaded_mib_hour: 0.5, watts: 15 }
          cloud: { compute_ms: 1.0, loaded_mib_hour: 1.0, wan_kib: 0.1, watts: 120 }
        private_tags: [patient]
        defaults: { mode: AUTO, objective: balanced, latency_target_ms: 150 }
        rules:
          - id: R01
            when: { model: keyword, tags: { room: bedroom } }
            set:  { privacy: edge }
            because: Speech from private rooms stays in the region.
            owner: privacy-office
          - id: R02
            when: { tenant: free, input_bytes_above: 1000000, arrived_in: device }
            set:  { mode: PREFER_EDGE, max_cost_microusd: 20 }
            because: Free callers' large inputs are answered at the edge unless the edge cannot.
            owner: product
          - id: R03
            when: { model: triage, tenant: research }
            loosen: { privacy: any }
            because: The study has consent for central processing.
            owner: privacy-office
        quotas: [{ tenant: free, requests_per_minute: 600, money_per_day_microusd: 5000000, owner: finance }]
        shed: [mirror, explain, escalation, "tenant:free"]

        """;
}
