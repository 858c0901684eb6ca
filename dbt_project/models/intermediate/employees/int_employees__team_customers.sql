with limits as (
    select {{ threshold('employees', 'board_window_days') }} as window_days
),

waves as (
    select distinct
        waves.team,
        waves.survey_month,
        limits.window_days,
        {{ add_days('waves.survey_month', 'limits.window_days') }} <= {{ as_of_date() }} as is_complete,
        cast(waves.survey_month as timestamp) as begins_at,
        least(
            cast({{ add_days('waves.survey_month', 'limits.window_days') }} as timestamp), {{ as_of_timestamp() }}
        ) as ends_at
    from {{ ref('int_employees__team_waves') }} as waves
    cross join limits
),

answers as (
    select
        waves.team,
        waves.survey_month,
        cast(count(*) as double) as csat_count,
        avg(responses.csat) as csat,
        sum(cast(responses.csat * responses.csat as double)) as csat_squares
    from waves
    inner join {{ ref('fct_survey_responses') }} as responses on waves.team = responses.team
    where responses.responded_at >= waves.begins_at and responses.responded_at < waves.ends_at and responses.csat is not null
    group by waves.team, waves.survey_month
),

solutions as (
    select
        waves.team,
        waves.survey_month,
        count(*) as resolved_count,
        count(case when resolutions.is_first_contact_resolved then 1 end) as first_contact_count
    from waves
    inner join {{ ref('int_service__first_contact_resolution') }} as resolutions on waves.team = resolutions.team
    where resolutions.is_eligible and resolutions.resolved_at >= waves.begins_at and resolutions.resolved_at < waves.ends_at
    group by waves.team, waves.survey_month
),

served as (
    select distinct
        waves.team,
        waves.survey_month,
        waves.begins_at,
        waves.ends_at,
        waves.window_days,
        tickets.customer_key
    from waves
    inner join {{ ref('fct_tickets') }} as tickets on waves.team = tickets.team
    where tickets.opened_at >= waves.begins_at and tickets.opened_at < waves.ends_at and tickets.customer_key is not null
),

orders as (
    select
        served.team,
        served.survey_month,
        served.customer_key,
        sum(orders.net_cents) as net_cents
    from served
    inner join {{ ref('fct_orders') }} as orders on served.customer_key = orders.customer_key
    where orders.ordered_at >= served.begins_at and orders.ordered_at < served.ends_at
    group by served.team, served.survey_month, served.customer_key
),

contracts as (
    select
        served.team,
        served.survey_month,
        served.customer_key,
        sum(subscriptions.monthly_price_cents * served.window_days / 30) as price_cents
    from served
    inner join {{ ref('fct_subscriptions') }} as subscriptions on served.customer_key = subscriptions.customer_key
    where
        subscriptions.started_at < served.ends_at
        and coalesce(subscriptions.cancelled_at, timestamp '9999-12-31 00:00:00') >= served.ends_at
    group by served.team, served.survey_month, served.customer_key
),

customer_revenue as (
    select
        served.team,
        served.survey_month,
        coalesce(orders.net_cents, 0) + coalesce(contracts.price_cents, 0) as revenue_cents
    from served
    left join orders
        on served.team = orders.team and served.survey_month = orders.survey_month and served.customer_key = orders.customer_key
    left join contracts
        on served.team = contracts.team
        and served.survey_month = contracts.survey_month
        and served.customer_key = contracts.customer_key
),

revenue as (
    select
        team,
        survey_month,
        cast(count(*) as double) as customer_count,
        avg(revenue_cents) as revenue_cents,
        sum(cast(revenue_cents * revenue_cents as double)) as revenue_squares
    from customer_revenue
    group by team, survey_month
),

final as (
    select
        waves.team,
        waves.survey_month,
        waves.is_complete,
        coalesce(answers.csat_count, 0) as csat_count,
        {{ steady('answers.csat') }} as csat,
        {{ sample_deviation('answers.csat_squares', 'answers.csat', 'answers.csat_count') }} as csat_deviation,
        coalesce(solutions.resolved_count, 0) as resolved_count,
        coalesce(solutions.first_contact_count, 0) as first_contact_count,
        coalesce(revenue.customer_count, 0) as customer_count,
        {{ steady('revenue.revenue_cents') }} as revenue_cents,
        {{ sample_deviation('revenue.revenue_squares', 'revenue.revenue_cents', 'revenue.customer_count') }} as revenue_deviation
    from waves
    left join answers on waves.team = answers.team and waves.survey_month = answers.survey_month
    left join solutions on waves.team = solutions.team and waves.survey_month = solutions.survey_month
    left join revenue on waves.team = revenue.team and waves.survey_month = revenue.survey_month
)

select * from final
