with planned as (
    select * from {{ ref('int_customer__planned_contacts') }}
),

rules as (
    select * from {{ ref('contact_rules') }}
),

contacts as (
    select * from {{ ref('int_customer__company_contacts') }}
),

customers as (
    select * from {{ ref('dim_customers') }}
    where is_current
),

employees as (
    select employee_id
    from {{ ref('int_employees') }}
    where left_at is null
),

done as (
    select
        planned.customer_key,
        planned.rule_code,
        min(contacts.contacted_on) as done_on
    from planned
    inner join rules on planned.rule_code = rules.rule_code
    inner join contacts
        on planned.customer_key = contacts.customer_key
        and contacts.contacted_on >= {{ add_days('planned.due_on', '-rules.early_days') }}
        and concat('|', rules.done_touchpoints, '|') like concat('%|', contacts.touchpoint, '|%')
    group by planned.customer_key, planned.rule_code
),

tired as (
    select
        customer_key,
        max(contacted_on) as last_contact_on
    from contacts
    where is_outbound
    group by customer_key
),

stated as {{ materialized() }} (
    select
        planned.customer_key,
        planned.rule_code,
        planned.due_on,
        done.done_on,
        customers.customer_id,
        coalesce(customers.is_contactable, true) as is_contactable,
        employees.employee_id as owner_id,
        tired.last_contact_on,
        rules.priority,
        case
            when done.done_on is not null then 'done'
            when planned.due_on = {{ as_of_date() }} then 'due'
            else 'overdue'
        end as state,
        greatest(
            {{ as_of_date() }},
            coalesce({{ add_days('tired.last_contact_on', threshold('customer', 'contact_fatigue_days')) }}, {{ as_of_date() }})
        ) as rested_on
    from planned
    inner join rules on planned.rule_code = rules.rule_code
    inner join customers on planned.customer_key = customers.customer_key
    left join done on planned.customer_key = done.customer_key and planned.rule_code = done.rule_code
    left join tired on planned.customer_key = tired.customer_key
    left join employees on customers.owner_id = employees.employee_id
),

queued as {{ materialized() }} (
    select
        *,
        row_number() over (
            partition by customer_key
            order by case when state = 'done' then 1 else 0 end, priority
        ) as turn
    from stated
),

final as (
    select
        {{ as_of_date() }} as as_of,
        queued.customer_key,
        queued.customer_id,
        queued.rule_code,
        rules.purpose_en,
        rules.purpose_zh,
        queued.due_on,
        queued.state,
        cast(case when queued.state = 'overdue' then {{ days_between('queued.due_on', as_of_date()) }} else 0 end as bigint)
            as days_overdue,
        queued.done_on,
        queued.last_contact_on,
        queued.is_contactable,
        case when queued.state != 'done' and queued.is_contactable then queued.rested_on end as contact_on,
        queued.state != 'done'
        and queued.is_contactable
        and queued.turn = 1
        and queued.rested_on = {{ as_of_date() }} as is_contact_tonight,
        rules.channel,
        rules.owner_role,
        queued.owner_id
    from queued
    inner join rules on queued.rule_code = rules.rule_code
)

select * from final
