with counted as (
    select 'ticket_priorities.csv' as file, coalesce(sum(case when is_default then 1 else 0 end), 0) as default_count
    from {{ ref('ticket_priorities') }}
    union all
    select 'business_calendars.csv' as file, coalesce(sum(case when is_default then 1 else 0 end), 0) as default_count
    from {{ ref('business_calendars') }}
)

select
    concat(file, ' has ', cast(default_count as string), ' lines with is_default true; mark exactly one line as the default')
        as problem
from counted
where default_count != 1
