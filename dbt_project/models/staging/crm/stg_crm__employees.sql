{{ config(materialized='incremental', unique_key=['employee_id', 'updated_at']) }}
with landed as (
    select *
    from {{ landed('crm', 'employees') }} as landed
    {{ with_existing_versions('crm', 'employees', ['employee_id', 'updated_at']) }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by employee_id, updated_at
            order by _as_of desc, _load_id desc, _row_number desc
        ) as recency_rank
    from landed
),

final as (
    select
        employee_id,
        name,
        email,
        team,
        role,
        region,
        manager_id,
        contacts_per_day,
        hired_at,
        left_at,
        updated_at,
        attributes,
        _load_id,
        _row_number,
        _as_of
    from ranked
    where recency_rank = 1
)

select * from final
