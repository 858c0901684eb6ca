{#- Outcomes are counted only once the outcome period is over. Otherwise recently assigned customers would look as if
    nothing had happened to them. A customer assigned to both arms stays in the first (intention to treat): leaving such
    customers out would break the randomisation. -#}
with subjects as (
    select * from {{ ref('int_decisions__experiment_subjects') }}
    where is_mature
),

losses as (
    select * from {{ ref('int_value__losses') }}
),

orders as (
    select * from {{ ref('fct_orders') }}
    where gross_cents > 0
),

tickets as (
    select * from {{ ref('fct_tickets') }}
),

scores as (
    select * from {{ ref('int_journey__scores') }}
),

outcome_events as (
    select
        subjects.experiment_id,
        subjects.customer_key,
        cast(1 as double) as value
    from subjects
    inner join losses
        on subjects.customer_key = losses.customer_key
        and losses.lost_at > subjects.assigned_on
        and losses.lost_at <= {{ to_date('subjects.outcome_until') }}
    where subjects.metric = 'lost'
    union all
    select
        subjects.experiment_id,
        subjects.customer_key,
        cast(case when subjects.metric = 'orders' then 1 else orders.net_cents end as double) as value
    from subjects
    inner join orders
        on subjects.customer_key = orders.customer_key
        and orders.ordered_at > subjects.assigned_at
        and orders.ordered_at <= subjects.outcome_until
    where subjects.metric in ('orders', 'revenue_cents')
    union all
    select
        subjects.experiment_id,
        subjects.customer_key,
        cast(1 as double) as value
    from subjects
    inner join tickets
        on subjects.customer_key = tickets.customer_key
        and tickets.opened_at > subjects.assigned_at
        and tickets.opened_at <= subjects.outcome_until
    where subjects.metric = 'tickets'
    union all
    select
        subjects.experiment_id,
        subjects.customer_key,
        scores.score as value
    from subjects
    inner join scores
        on subjects.customer_key = scores.customer_key
        and scores.responded_at > subjects.assigned_at
        and scores.responded_at <= subjects.outcome_until
    where subjects.metric = 'satisfaction'
),

customer_totals as (
    select
        experiment_id,
        customer_key,
        sum(value) as total,
        avg(value) as mean
    from outcome_events
    group by experiment_id, customer_key
),

final as (
    select
        subjects.experiment_id,
        subjects.metric,
        subjects.customer_key,
        subjects.arm,
        {{ steady("case
            when subjects.metric = 'satisfaction' then customer_totals.mean
            when subjects.metric in ('lost', 'tickets') then least(coalesce(customer_totals.total, 0), 1)
            else coalesce(customer_totals.total, 0)
        end") }} as value
    from subjects
    left join customer_totals
        on subjects.experiment_id = customer_totals.experiment_id
        and subjects.customer_key = customer_totals.customer_key
)

select * from final
