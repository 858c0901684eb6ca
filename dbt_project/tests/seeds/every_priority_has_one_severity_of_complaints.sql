with severities as (
    select * from {{ ref('complaint_severities') }}
),

priorities as (
    select * from {{ ref('ticket_priorities') }}
),

problems as (
    select concat('complaint_severities.csv has no severity for the priority ', priorities.priority, '; write a line') as problem
    from priorities
    left join severities on priorities.priority = severities.priority
    where severities.priority is null
    union all
    select
        concat('complaint_severities.csv: ', severities.priority, ' is not a priority in ticket_priorities.csv; correct it') as problem
    from severities
    left join priorities on severities.priority = priorities.priority
    where priorities.priority is null
    union all
    select
        concat(
            'complaint_triggers.csv: ', trigger_kind, ' is not a trigger kind; write flag, category, channel or event_type'
        ) as problem
    from {{ ref('complaint_triggers') }}
    where trigger_kind not in ('flag', 'category', 'channel', 'event_type')
)

select * from problems
