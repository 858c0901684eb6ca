with assignments as (
    select * from {{ ref('int_retention__assignments') }}
    where arm = 'treatment'
),

final as (
    select
        *,
        treated_rank as list_rank
    from assignments
)

select * from final
