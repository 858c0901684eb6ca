with quotas as (
    select * from {{ ref('survey_quotas') }}
),

touchpoints as (
    select * from {{ ref('survey_touchpoints') }}
),

problems as (
    select
        concat(
            'survey_quotas.csv: the shares add up to ', cast(round(sum(quota_share), 4) as string),
            '; lower them until they add up to 1 or less'
        ) as problem
    from quotas
    having sum(quota_share) > 1.0001
    union all
    select
        concat(
            'survey_quotas.csv: the share of ', segment, ' is ', cast(quota_share as string), '; write a share from 0 to 1'
        ) as problem
    from quotas
    where quota_share < 0 or quota_share > 1
    union all
    select
        concat(
            'survey_quotas.csv has ', cast(count(*) as string), ' shares for ', segment, '; keep one'
        ) as problem
    from quotas
    group by segment
    having count(*) > 1
    union all
    select
        concat(
            'survey_touchpoints.csv: the quota shares add up to ', cast(round(sum(quota_share), 4) as string),
            '; lower them until they add up to 1 or less'
        ) as problem
    from touchpoints
    having sum(quota_share) > 1.0001 or min(quota_share) < 0
    union all
    select 'survey_quotas.csv has no line `other segments`; add it, with 0 if other segments are not asked' as problem
    from quotas
    having sum(case when segment = 'other segments' then 1 else 0 end) = 0
)

select * from problems
