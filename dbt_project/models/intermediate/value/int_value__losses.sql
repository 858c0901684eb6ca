with relations as (
    select * from {{ ref('int_value__relations') }}
),

final as (
    select
        customer_key,
        relation_number,
        lost_on as lost_at,
        case relation_kind when 'contract' then 'contract' else 'lapse' end as loss_kind,
        began_on as relation_began_on
    from relations
    where lost_on is not null
)

select * from final
