{#- Compares the number of customers who complain about a category around a day with the usual number for that category.
    -#}
with complaints as (
    select
        cases.category,
        cases.received_date,
        cases.complainer,
        worth.value_cents
    from {{ ref('int_complaints__cases') }} as cases
    inner join {{ ref('int_complaints__values') }} as worth on cases.ticket_id = worth.ticket_id
),

limits as (
    select
        {{ threshold('complaints', 'spread_days') }} as spread_days,
        {{ threshold('complaints', 'usual_weeks') }} as usual_weeks
),

daily as {{ materialized() }} (
    select
        category,
        received_date,
        complainer,
        max(value_cents) as value_cents
    from complaints
    group by category, received_date, complainer
),

days as {{ materialized() }} (
    select
        daily.category,
        daily.received_date,
        count(*) as customers,
        max(limits.spread_days) as spread_days,
        max(limits.usual_weeks) as usual_weeks
    from daily
    cross join limits
    group by daily.category, daily.received_date
),

nearby_complainers as (
    select
        days.category,
        days.received_date,
        daily.complainer,
        max(daily.value_cents) as value_cents
    from days
    inner join daily on days.category = daily.category
    where
        daily.received_date >= {{ add_days('days.received_date', '-days.spread_days') }}
        and daily.received_date <= {{ add_days('days.received_date', 'days.spread_days') }}
    group by days.category, days.received_date, daily.complainer
),

spread as (
    select
        category,
        received_date,
        count(*) as spread_customers,
        sum(value_cents) as value_exposed_cents
    from nearby_complainers
    group by category, received_date
),

usual as (
    select
        days.category,
        days.received_date,
        sum(
            case
                when
                    before.received_date < {{ add_days('days.received_date', '-days.spread_days') }}
                    and before.received_date >= {{ add_days('days.received_date', '-days.spread_days - 7 * days.usual_weeks') }}
                    then before.customers
                else 0
            end
        ) / max(7 * days.usual_weeks) * max(2 * days.spread_days + 1) as usual_customers
    from days
    inner join days as before on days.category = before.category
    group by days.category, days.received_date
),

final as (
    select
        spread.category,
        spread.received_date,
        cast(spread.spread_customers as bigint) as spread_customers,
        {{ steady('usual.usual_customers') }} as usual_customers,
        {{ steady('spread.spread_customers / greatest(usual.usual_customers, 1)') }} as times_usual,
        {{ steady('spread.value_exposed_cents') }} as value_exposed_cents
    from spread
    inner join usual on spread.category = usual.category and spread.received_date = usual.received_date
)

select * from final
