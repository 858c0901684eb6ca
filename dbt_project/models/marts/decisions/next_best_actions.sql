{{ config(tags=['decide']) }}
{#- First the action for the strongest risk reason (as on the retention list), then the actions of the matching scenarios by
    priority. A customer without a matching action has no row. -#}
with signals as (
    select * from {{ ref('int_decisions__signals') }}
),

scenarios as (
    select * from {{ ref('playbook_scenarios') }}
),

actions as (
    select * from {{ ref('playbook_actions') }}
),

features as (
    select
        customer_key,
        expected_value_cents
    from {{ ref('customer_features') }}
    where as_of = {{ as_of_date() }}
),

customers_with_reasons as (
    select distinct customer_key
    from {{ ref('churn_reasons') }}
),

reason_actions as (
    select
        candidates.customer_key,
        candidates.action_code,
        'risk_reason' as trigger_kind,
        cast(null as string) as scenario_code,
        actions.reason_code as signal,
        candidates.churn_probability as signal_value,
        cast(0 as bigint) as priority
    from {{ ref('int_retention__candidates') }} as candidates
    inner join customers_with_reasons on candidates.customer_key = customers_with_reasons.customer_key
    inner join actions on candidates.action_code = actions.action_code
    where actions.reason_code != 'any'
),

scenario_actions as (
    select
        signals.customer_key,
        scenarios.action_code,
        'scenario' as trigger_kind,
        scenarios.scenario_code,
        signals.signal,
        signals.signal_value,
        scenarios.priority
    from signals
    inner join scenarios
        on signals.signal = scenarios.signal
        and signals.signal_value >= coalesce(scenarios.min_value, signals.signal_value)
        and signals.signal_value <= coalesce(scenarios.max_value, signals.signal_value)
    inner join features
        on signals.customer_key = features.customer_key
        and features.expected_value_cents >= scenarios.min_customer_value_cents
),

matched as (
    select * from reason_actions
    union all
    select * from scenario_actions
),

ranked_matches as (
    select
        *,
        row_number() over (partition by customer_key, action_code order by priority, scenario_code) as match_rank
    from matched
),

ranked as {{ materialized() }} (
    select
        *,
        row_number() over (partition by customer_key order by priority, action_code) as action_rank
    from ranked_matches
    where match_rank = 1
),

final as (
    select
        ranked.customer_key,
        {{ as_of_date() }} as as_of,
        cast(ranked.action_rank as bigint) as action_rank,
        ranked.action_code,
        ranked.trigger_kind,
        ranked.scenario_code,
        scenarios.scenario_en,
        scenarios.scenario_zh,
        ranked.signal,
        ranked.signal_value,
        features.expected_value_cents,
        actions.description_en as action_en,
        actions.description_zh as action_zh,
        actions.offer_en,
        actions.offer_zh,
        actions.script_en,
        actions.script_zh,
        cast(actions.cost_cents as double) as cost_cents,
        actions.channel,
        actions.owner_role,
        coalesce(customers.is_contactable, true) as is_contactable
    from ranked
    inner join actions on ranked.action_code = actions.action_code
    left join scenarios on ranked.scenario_code = scenarios.scenario_code
    left join features on ranked.customer_key = features.customer_key
    inner join {{ ref('dim_customers') }} as customers
        on ranked.customer_key = customers.customer_key
        and customers.is_current
    where ranked.action_rank <= {{ threshold('value', 'actions_kept') }}
)

select * from final
