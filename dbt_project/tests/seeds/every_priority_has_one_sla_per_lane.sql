with expected as (
    select priorities.priority, lanes.lane
    from {{ ref('ticket_priorities') }} as priorities
    cross join {{ ref('service_lanes') }} as lanes
),

policies as (
    select * from {{ ref('sla_policies') }}
),

counted as (
    select
        coalesce(expected.priority, policies.priority) as priority,
        coalesce(expected.lane, policies.lane) as lane,
        max(case when expected.priority is null then 1 else 0 end) as is_unknown,
        count(policies.priority) as policy_count
    from expected
    full outer join policies on expected.priority = policies.priority and expected.lane = policies.lane
    group by coalesce(expected.priority, policies.priority), coalesce(expected.lane, policies.lane)
),

problems as (
    select
        concat('sla_policies.csv has no line for priority ', priority, ' in lane ', lane, '; write one') as problem
    from counted
    where policy_count = 0
    union all
    select
        concat(
            'sla_policies.csv has ', cast(policy_count as string), ' lines for priority ', priority, ' in lane ', lane,
            '; keep the valid one'
        ) as problem
    from counted
    where policy_count > 1
    union all
    select
        concat(
            'sla_policies.csv: priority ', priority, ' in lane ', lane,
            ' is not known; write a priority of ticket_priorities.csv and a lane of service_lanes.csv'
        ) as problem
    from counted
    where is_unknown = 1
    union all
    select
        concat(
            'sla_policies.csv: priority ', priority, ' in lane ', lane,
            ' needs more than 0 minutes to answer, at least as many to solve, an at_risk_share between 0 and 1, and the clock business or calendar'
        ) as problem
    from policies
    where
        first_response_minutes <= 0 or resolution_minutes < first_response_minutes
        or at_risk_share <= 0 or at_risk_share > 1 or clock not in ('business', 'calendar')
)

select * from problems
