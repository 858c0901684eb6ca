{#- Who contacts whom, within what each employee can do a day: first the account owner, then the role that the action asks
    for, then anybody with time left; higher ranks choose first, and employees of a role take turns. -#}
with listed as (
    select * from {{ ref('int_retention__ranked') }}
),

employees as (
    select
        employee_id,
        role,
        contacts_per_day
    from {{ ref('int_employees') }}
    where left_at is null and contacts_per_day > 0
),

with_account_owner as (
    select
        listed.customer_key,
        listed.list_rank,
        listed.owner_role,
        employees.employee_id,
        employees.contacts_per_day,
        row_number() over (partition by employees.employee_id order by listed.list_rank) as turn
    from listed
    left join employees on listed.account_owner_id = employees.employee_id
),

by_account as (
    select
        customer_key,
        employee_id
    from with_account_owner
    where employee_id is not null and turn <= contacts_per_day
),

taken as (
    select
        employee_id,
        count(*) as contacts
    from by_account
    group by employee_id
),

slots as (
    select
        employees.employee_id,
        employees.role,
        listed.list_rank as turn
    from employees
    cross join listed
    left join taken on employees.employee_id = taken.employee_id
    where listed.list_rank <= employees.contacts_per_day - coalesce(taken.contacts, 0)
),

role_slots as (
    select
        *,
        row_number() over (partition by role order by turn, employee_id) as slot
    from slots
),

waiting as (
    select
        listed.customer_key,
        listed.list_rank,
        listed.owner_role,
        row_number() over (partition by listed.owner_role order by listed.list_rank) as slot
    from listed
    left join by_account on listed.customer_key = by_account.customer_key
    where by_account.customer_key is null
),

by_role as (
    select
        waiting.customer_key,
        waiting.list_rank,
        role_slots.employee_id,
        role_slots.turn
    from waiting
    left join role_slots
        on waiting.owner_role = role_slots.role
        and waiting.slot = role_slots.slot
),

free_slots as (
    select
        slots.employee_id,
        row_number() over (order by slots.turn, slots.employee_id) as slot
    from slots
    left join by_role
        on slots.employee_id = by_role.employee_id
        and slots.turn = by_role.turn
    where by_role.employee_id is null
),

still_waiting as (
    select
        customer_key,
        row_number() over (order by list_rank) as slot
    from by_role
    where employee_id is null
),

final as (
    select
        customer_key,
        employee_id as owner_id
    from by_account
    union all
    select
        customer_key,
        employee_id as owner_id
    from by_role
    where employee_id is not null
    union all
    select
        still_waiting.customer_key,
        free_slots.employee_id as owner_id
    from still_waiting
    inner join free_slots on still_waiting.slot = free_slots.slot
)

select * from final
