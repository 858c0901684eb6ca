{#- Outcomes are empty until the outcome period is over. Otherwise recently assigned customers would look as if nothing
    had happened to them. -#}
with subjects as (
    select * from {{ ref('int_effects__subjects') }}
),

mature as (
    select * from subjects
    where is_mature
),

losses as (
    select
        mature.experiment_id,
        mature.customer_key,
        count(*) as losses
    from mature
    inner join {{ ref('int_value__losses') }} as losses
        on mature.customer_key = losses.customer_key
        and losses.lost_at > {{ to_date('mature.assigned_at') }}
        and losses.lost_at <= {{ to_date('mature.outcome_until') }}
    group by mature.experiment_id, mature.customer_key
),

purchases as (
    select
        mature.experiment_id,
        mature.customer_key,
        count(*) as orders,
        sum(orders.net_cents) as revenue_cents
    from mature
    inner join {{ ref('fct_orders') }} as orders
        on mature.customer_key = orders.customer_key
        and orders.ordered_at > mature.assigned_at
        and orders.ordered_at <= mature.outcome_until
    where orders.gross_cents > 0
    group by mature.experiment_id, mature.customer_key
),

tickets as (
    select
        mature.experiment_id,
        mature.customer_key,
        count(*) as tickets
    from mature
    inner join {{ ref('fct_tickets') }} as tickets
        on mature.customer_key = tickets.customer_key
        and tickets.opened_at > mature.assigned_at
        and tickets.opened_at <= mature.outcome_until
    group by mature.experiment_id, mature.customer_key
),

answers as (
    select
        mature.experiment_id,
        mature.customer_key,
        avg(scores.score) as satisfaction
    from mature
    inner join {{ ref('int_journey__scores') }} as scores
        on mature.customer_key = scores.customer_key
        and scores.responded_at > mature.assigned_at
        and scores.responded_at <= mature.outcome_until
    group by mature.experiment_id, mature.customer_key
),

final as (
    select
        {{ as_of_date() }} as as_of,
        subjects.experiment_id,
        subjects.customer_key,
        subjects.arm,
        {{ to_date('subjects.assigned_at') }} as assigned_on,
        subjects.is_mature,
        subjects.is_contacted,
        subjects.declared_metric,
        subjects.treatment_share,
        subjects.smallest_effect,
        cast(case when subjects.is_mature then case when losses.losses > 0 then 1 else 0 end end as double) as lost,
        cast(case when subjects.is_mature then coalesce(purchases.orders, 0) end as double) as orders,
        {{ steady('case when subjects.is_mature then coalesce(purchases.revenue_cents, 0) end') }} as revenue_cents,
        cast(case when subjects.is_mature then case when tickets.tickets > 0 then 1 else 0 end end as double) as tickets,
        {{ steady('answers.satisfaction') }} as satisfaction
    from subjects
    left join losses on subjects.experiment_id = losses.experiment_id and subjects.customer_key = losses.customer_key
    left join purchases on subjects.experiment_id = purchases.experiment_id and subjects.customer_key = purchases.customer_key
    left join tickets on subjects.experiment_id = tickets.experiment_id and subjects.customer_key = tickets.customer_key
    left join answers on subjects.experiment_id = answers.experiment_id and subjects.customer_key = answers.customer_key
)

select * from final
