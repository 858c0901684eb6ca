with versions as (
    select
        *,
        row_number() over (partition by employee_id order by updated_at desc nulls last) as recency_rank
    from {{ ref('stg_crm__employees') }}
    where updated_at is null or updated_at < {{ as_of_timestamp() }}
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
        {{ known_by_night('left_at') }} as left_at
    from versions
    where recency_rank = 1
)

select * from final
