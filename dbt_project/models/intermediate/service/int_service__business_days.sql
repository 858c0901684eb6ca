{#- Splits opening hours at UTC midnight, so that a timestamp finds its position on the business clock by one equality
    join. -#}
with calendars as (
    select * from {{ ref('business_calendars') }}
),

bounds as (
    select
        {{ add_days('min(opened_at)', -2) }} as first_day,
        {{ add_days(as_of_date(), 92) }} as last_day
    from {{ ref('int_service__tickets') }}
),

days as (
    select
        calendars.calendar,
        calendars.time_zone,
        spine.day
    from calendars
    cross join {{ day_spine('bounds', 'first_day', 'last_day') }} as spine
),

openings as (
    select
        days.calendar,
        {{ local_to_utc(add_minutes('days.day', minute_of_day('hours.opens_at')), 'days.time_zone') }} as opens_at,
        {{ local_to_utc(add_minutes('days.day', minute_of_day('hours.closes_at')), 'days.time_zone') }} as closes_at
    from days
    inner join {{ ref('business_hours') }} as hours
        on days.calendar = hours.calendar
        and {{ days_between("date '1900-01-01'", 'days.day') }} % 7 + 1 = hours.weekday
    left join {{ ref('business_holidays') }} as holidays
        on days.calendar = holidays.calendar and days.day = holidays.holiday
    where holidays.holiday is null
),

day_offsets as (
    select 0 as days_later
    union all
    select 1 as days_later
),

utc_days as (
    select
        openings.calendar,
        openings.opens_at,
        openings.closes_at,
        {{ add_days('openings.opens_at', 'day_offsets.days_later') }} as utc_day
    from openings
    cross join day_offsets
),

pieces as (
    select
        calendar,
        utc_day,
        greatest({{ seconds_between('cast(utc_day as timestamp)', 'opens_at') }} / 60, 0) as opens_minute,
        least({{ seconds_between('cast(utc_day as timestamp)', 'closes_at') }} / 60, 1440) as closes_minute
    from utc_days
),

numbered_pieces as {{ materialized() }} (
    select
        *,
        row_number() over (partition by calendar, utc_day order by opens_minute) as piece_number
    from pieces
    where closes_minute > opens_minute
),

open_days as (
    select
        calendar,
        utc_day,
        {% for piece in [1, 2, 3] -%}
        max(case when piece_number = {{ piece }} then opens_minute end) as opens_{{ piece }},
        max(case when piece_number = {{ piece }} then closes_minute end) as closes_{{ piece }},
        {% endfor -%}
        sum(closes_minute - opens_minute) as open_minutes
    from numbered_pieces
    group by calendar, utc_day
),

all_days as (
    select
        days.calendar,
        days.day as utc_day,
        {% for piece in [1, 2, 3] -%}
        coalesce(open_days.opens_{{ piece }}, 0) as opens_{{ piece }},
        coalesce(open_days.closes_{{ piece }}, 0) as closes_{{ piece }},
        {% endfor -%}
        coalesce(open_days.open_minutes, 0) as open_minutes
    from days
    left join open_days on days.calendar = open_days.calendar and days.day = open_days.utc_day
),

final as (
    select
        *,
        sum(open_minutes) over (partition by calendar order by utc_day) - open_minutes as minutes_before
    from all_days
)

select * from final
