{#- Assigns contacts within the daily capacity of each employee: first to the account owner, then to the role that the
    action asks for, then to any employee with free capacity. Higher ranks are assigned first, and employees of a role
    alternate. -#}
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

assigned_to_account_owner as (
    select
        customer_key,
        employee_id
    from with_account_owner
    where employee_id is not null and turn <= contacts_per_day
),

used_capacity as (
    select
        employee_id,
        count(*) as contacts
    from assigned_to_account_owner
    group by employee_id
),

slots as (
    select
        employees.employee_id,
        employees.role,
        listed.list_rank as turn
    from employees
    cross join listed
    left join used_capacity on employees.employee_id = used_capacity.employee_id
    where listed.list_rank <= employees.contacts_per_day - coalesce(used_capacity.contacts, 0)
),

role_slots as (
    select
        *,
        row_number() over (partition by role order by turn, employee_id) as slot
    from slots
),

without_account_owner as (
    select
        listed.customer_key,
        listed.list_rank,
        listed.owner_role,
        row_number() over (partition by listed.owner_role order by listed.list_rank) as slot
    from listed
    left join assigned_to_account_owner on listed.customer_key = assigned_to_account_owner.customer_key
    where assigned_to_account_owner.customer_key is null
),

assigned_to_role as (
    select
        without_account_owner.customer_key,
        without_account_owner.list_rank,
        role_slots.employee_id,
        role_slots.turn
    from without_account_owner
    left join role_slots
        on without_account_owner.owner_role = role_slots.role
        and without_account_owner.slot = role_slots.slot
),

free_slots as (
    select
        slots.employee_id,
        row_number() over (order by slots.turn, slots.employee_id) as slot
    from slots
    left join assigned_to_role
        on slots.employee_id = assigned_to_role.employee_id
        and slots.turn = assigned_to_role.turn
    where assigned_to_role.employee_id is null
),

without_owner as (
    select
        customer_key,
        row_number() over (order by list_rank) as slot
    from assigned_to_role
    where employee_id is null
),

final as (
    select
        customer_key,
        employee_id as owner_id
    from assigned_to_account_owner
    union all
    select
        customer_key,
        employee_id as owner_id
    from assigned_to_role
    where employee_id is not null
    union all
    select
        without_owner.customer_key,
        free_slots.employee_id as owner_id
    from without_owner
    inner join free_slots on without_owner.slot = free_slots.slot
)

select * from final
