{#- Random assignments of customers when they were first eligible for a published retention list, before this run. -#}
with published as (
    select * from {{ source('lake_history', 'retention_assignments') }}
    where as_of < {{ as_of_date() }}
),

final as (
    select
        as_of,
        customer_id,
        arm
    from published
)

select * from final
