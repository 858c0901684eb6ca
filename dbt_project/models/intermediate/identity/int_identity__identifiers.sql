with claims as (
    select * from {{ ref('int_identity__claims') }}
),

customer_keys as (
    select * from {{ ref('int_identity__customer_keys') }}
),

{#- An identifier that was passed on leads to each of its owners in turn. -#}
final as (
    select
        claims.identifier_type,
        claims.identifier,
        min(customer_keys.customer_key) as customer_key,
        min(claims.tenure_from) as valid_from,
        min(claims.tenure_to) as valid_to
    from claims
    inner join customer_keys on claims.customer_id = customer_keys.customer_id
    where claims.decision in ('joined', 'alone', 'passed_on')
    group by claims.identifier_type, claims.identifier, claims.tenure
)

select * from final
