with hours as (
    select
        calendar,
        weekday,
        opens_at,
        closes_at,
        concat(calendar, ', weekday ', cast(weekday as string)) as place,
        row_number() over (partition by calendar, weekday order by opens_at, closes_at) as period_number,
        lag(closes_at) over (partition by calendar, weekday order by opens_at, closes_at) as closed_before
    from {{ ref('business_hours') }}
),

calendars as (
    select * from {{ ref('business_calendars') }}
),

problems as (
    select
        concat(
            'business_hours.csv: ', place, ' opens at ', opens_at, ' before the hours until ', closed_before,
            ' end; write hours that do not overlap'
        ) as problem
    from hours
    where opens_at < closed_before
    union all
    select
        concat(
            'business_hours.csv: ', place, ' from ', opens_at, ' to ', closes_at,
            '; write times as 08:30, the later one second, 24:00 for the end of the day'
        ) as problem
    from hours
    where
        closes_at <= opens_at or closes_at > '24:00' or opens_at not like '__:__' or closes_at not like '__:__'
        or try_cast(substr(opens_at, 1, 2) as integer) is null or coalesce(try_cast(substr(opens_at, 4, 2) as integer), 60) > 59
        or try_cast(substr(closes_at, 1, 2) as integer) is null or coalesce(try_cast(substr(closes_at, 4, 2) as integer), 60) > 59
    union all
    select concat('business_hours.csv: ', place, '; write a weekday from 1 (Monday) to 7 (Sunday)') as problem
    from hours
    where weekday not between 1 and 7
    union all
    select concat('business_hours.csv: ', place, ' has more than two periods; merge some of them') as problem
    from hours
    where period_number = 3
    union all
    select concat('business_hours.csv: ', hours.calendar, ' is not a calendar in business_calendars.csv; add it there') as problem
    from hours
    left join calendars on hours.calendar = calendars.calendar
    where calendars.calendar is null
    union all
    select concat('business_hours.csv: the calendar ', calendars.calendar, ' has no opening hours; add them') as problem
    from calendars
    left join hours on calendars.calendar = hours.calendar
    where hours.calendar is null
)

select * from problems
