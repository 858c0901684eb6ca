{#- Eight cells per doubling of the time are fine enough for a curve, and their number does not grow with the company.
    -#}
with tickets as (
    select * from {{ ref('fct_tickets') }}
),

scores as (
    select * from {{ ref('int_journey__scores') }}
),

bounds as (
    select
        {{ threshold('journey', 'response_bin_limit') }} as minute_limit,
        {{ threshold('journey', 'resolution_wait_days') }} as wait_days,
        {{ threshold('journey', 'window_days') }} as window_days
),

answered as (
    select
        tickets.ticket_id,
        tickets.customer_key,
        tickets.opened_at,
        least(tickets.first_response_minutes, bounds.minute_limit) as minutes,
        tickets.is_resolved and tickets.reopen_count = 0 as is_resolved_at_once,
        {{ days_between('tickets.opened_at', as_of_date()) }} > bounds.wait_days as is_old_enough
    from tickets
    cross join bounds
    where
        tickets.first_response_minutes >= 0
        and tickets.opened_at >= {{ add_days(as_of_date(), '-bounds.window_days') }}
),

outcomes as (
    select
        answered.minutes,
        'satisfaction' as outcome,
        scores.score
    from answered
    inner join scores on answered.ticket_id = scores.ticket_id
    union all
    select
        minutes,
        'resolution' as outcome,
        cast(case when is_resolved_at_once then 1 else 0 end as double) as score
    from answered
    where is_old_enough
),

with_cells as (
    select
        *,
        ln(minutes + 1) as log_minutes,
        floor(ln(minutes + 1) / ln(2) * 8) as cell_number
    from outcomes
),

final as (
    select
        {{ as_of_date() }} as as_of,
        outcome,
        cast(cell_number as bigint) as cell_number,
        {{ steady('min(minutes)') }} as minutes_from,
        {{ steady(exact_mean('minutes')) }} as mean_minutes,
        {{ steady(exact_mean('log_minutes')) }} as mean_log_minutes,
        cast(count(*) as bigint) as case_count,
        {{ exact_sum('score') }} as score_sum,
        {{ exact_sum('score * score') }} as score_square_sum
    from with_cells
    group by outcome, cell_number
)

select * from final
