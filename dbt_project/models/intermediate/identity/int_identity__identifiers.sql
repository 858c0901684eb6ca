with claims as (
    select * from {{ ref('int_identity__claims') }}
    where not is_capped and not is_undone
),

customer_keys as (
    select * from {{ ref('int_identity__customer_keys') }}
),

final as (
    select
        claims.identifier_type,
        claims.identifier,
        min(customer_keys.customer_key) as customer_key
    from claims
    inner join customer_keys on claims.customer_id = customer_keys.customer_id
    group by claims.identifier_type, claims.identifier
)

select * from final
