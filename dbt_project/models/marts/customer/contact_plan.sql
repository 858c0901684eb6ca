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

fulfilled as (
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

outbound as (
    select
        customer_key,
        max(contacted_on) as last_contact_on
    from contacts
    where is_outbound
    group by customer_key
),

planned_states as {{ materialized() }} (
    select
        planned.customer_key,
        planned.rule_code,
        planned.due_on,
        fulfilled.done_on,
        customers.customer_id,
        coalesce(customers.is_contactable, true) as is_contactable,
        employees.employee_id as owner_id,
        outbound.last_contact_on,
        rules.priority,
        case
            when fulfilled.done_on is not null then 'done'
            when planned.due_on = {{ as_of_date() }} then 'due'
            else 'overdue'
        end as state,
        greatest(
            {{ as_of_date() }},
            coalesce({{ add_days('outbound.last_contact_on', threshold('customer', 'contact_fatigue_days')) }}, {{ as_of_date() }})
        ) as rested_on
    from planned
    inner join rules on planned.rule_code = rules.rule_code
    inner join customers on planned.customer_key = customers.customer_key
    left join fulfilled on planned.customer_key = fulfilled.customer_key and planned.rule_code = fulfilled.rule_code
    left join outbound on planned.customer_key = outbound.customer_key
    left join employees on customers.owner_id = employees.employee_id
),

queue as {{ materialized() }} (
    select
        *,
        row_number() over (
            partition by customer_key
            order by case when state = 'done' then 1 else 0 end, priority
        ) as queue_position
    from planned_states
),

final as (
    select
        {{ as_of_date() }} as as_of,
        queue.customer_key,
        queue.customer_id,
        queue.rule_code,
        rules.purpose_en,
        rules.purpose_zh,
        queue.due_on,
        queue.state,
        cast(case when queue.state = 'overdue' then {{ days_between('queue.due_on', as_of_date()) }} else 0 end as bigint)
            as days_overdue,
        queue.done_on,
        queue.last_contact_on,
        queue.is_contactable,
        case when queue.state != 'done' and queue.is_contactable then queue.rested_on end as contact_on,
        queue.state != 'done'
        and queue.is_contactable
        and queue.queue_position = 1
        and queue.rested_on = {{ as_of_date() }} as is_contact_tonight,
        rules.channel,
        rules.owner_role,
        queue.owner_id
    from queue
    inner join rules on queue.rule_code = rules.rule_code
)

select * from final
