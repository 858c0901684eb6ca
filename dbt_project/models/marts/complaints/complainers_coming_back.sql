{#- Complaints whose recovery period has not ended: probability that the customer stays (with a contract) or buys again (without
    one), estimated from earlier complaints with the same speed and result. -#}
with limits as (
    select
        {{ threshold('complaints', 'recovery_days') }} as recovery_days,
        {{ threshold('complaints', 'come_back_prior_cases') }} as prior_cases,
        {{ threshold('complaints', 'come_back_probability') }} as likely_from
),

recent as (
    select
        complaints.*,
        limits.prior_cases,
        limits.likely_from,
        {{ recovery_speed('complaints', as_of_timestamp()) }} as speed,
        {{ recovery_result('complaints', as_of_timestamp()) }} as result
    from {{ ref('fct_complaints') }} as complaints
    cross join limits
    where
        complaints.customer_key is not null
        and complaints.received_date >= {{ add_days(as_of_date(), '-limits.recovery_days - ' ~ complaint_month_days()) }}
),

contracts as (
    select
        recent.complaint_id,
        max(
            case
                when coalesce(subscriptions.cancelled_at, timestamp '9999-12-31 00:00:00') >= recent.received_at then 1
                else 0
            end
        ) as had_contract,
        max(case when subscriptions.is_active then 1 else 0 end) as has_contract
    from recent
    inner join {{ ref('fct_subscriptions') }} as subscriptions
        on recent.customer_key = subscriptions.customer_key and subscriptions.started_at < recent.received_at
    group by recent.complaint_id
),

orders as (
    select distinct recent.complaint_id
    from recent
    inner join {{ ref('fct_orders') }} as orders
        on recent.customer_key = orders.customer_key and orders.ordered_at > recent.received_at
    where orders.gross_cents > 0
),

past_outcomes as (
    select
        outcome,
        speed,
        result,
        count(*) as case_count,
        sum(came_back) as came_back_count
    from {{ ref('int_complaints__recovery_cases') }}
    group by outcome, speed, result
),

overall as (
    select
        outcome,
        {{ ratio('sum(came_back_count)', 'sum(case_count)') }} as came_back_share
    from past_outcomes
    group by outcome
),

probabilities as (
    select
        recent.*,
        overall.outcome,
        coalesce(past_outcomes.case_count, 0) as case_count,
        coalesce(contracts.has_contract, 0) = 1 as has_contract,
        orders.complaint_id is not null as has_bought_since,
        (coalesce(past_outcomes.came_back_count, 0) + recent.prior_cases * overall.came_back_share)
        / (coalesce(past_outcomes.case_count, 0) + recent.prior_cases) as probability
    from recent
    left join contracts on recent.complaint_id = contracts.complaint_id
    left join orders on recent.complaint_id = orders.complaint_id
    left join overall
        on overall.outcome = case when contracts.had_contract = 1 then 'retention' else 'repurchase' end
    left join past_outcomes
        on overall.outcome = past_outcomes.outcome
        and recent.speed = past_outcomes.speed
        and recent.result = past_outcomes.result
),

bounded as (
    select
        *,
        {{ var('interval_z') }} * sqrt(probability * (1 - probability) / (case_count + prior_cases + 1)) as margin
    from probabilities
),

final as (
    select
        {{ as_of_date() }} as as_of,
        complaint_id,
        customer_key,
        received_at,
        category,
        grade,
        state,
        speed,
        result,
        outcome,
        {{ steady('probability') }} as come_back_probability,
        case when probability is not null then {{ steady('greatest(probability - margin, 0)') }} end as interval_low,
        case when probability is not null then {{ steady('least(probability + margin, 1)') }} end as interval_high,
        cast(case_count as bigint) as sample_size,
        case_count >= {{ threshold('shared', 'minimum_sample') }} as is_reportable,
        coalesce(probability - margin >= likely_from, false) as is_likely_to_come_back,
        has_contract,
        has_bought_since,
        value_cents
    from bounded
)

select * from final
