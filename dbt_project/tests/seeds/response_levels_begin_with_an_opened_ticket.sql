with levels as (
    select * from {{ ref('response_levels') }}
),

first_level as (
    select
        count(*) as level_count,
        max(case when level_rank = 1 then starting_event end) as starting_event
    from levels
),

problems as (
    select
        concat(
            'response_levels.csv: the level of rank 1 starts with ', coalesce(starting_event, 'nothing'),
            '; every ticket starts on it, so write opened'
        ) as problem
    from first_level
    where level_count = 0 or coalesce(starting_event, '') != 'opened'
    union all
    select
        concat(
            'response_levels.csv: ', response_level,
            ' needs more than 0 response_minutes and the clock business or calendar'
        ) as problem
    from levels
    where response_minutes <= 0 or clock not in ('business', 'calendar')
)

select * from problems
