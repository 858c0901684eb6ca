{{ config(
    materialized='incremental', pre_hook="{{ delete_changed('int_changes__claimants', 'customer_id', link_must_be_recomputed()) }}"
) }}
with claims as (
    select * from {{ ref('int_identity__claims') }}
    {{ filter_to_changed('int_changes__claims', '(identifier_type, identifier)') }}
),

customer_keys as (
    select * from {{ ref('int_identity__customer_keys') }}
),

final as (
    select
        claims.link_id,
        customer_keys.customer_key,
        claims.customer_id,
        claims.identifier_type,
        {{ hash_key('claims.identifier') }} as identifier_md5,
        claims.claimed_from,
        claims.claimed_to,
        claims.owner_number as tenure,
        claims.sharing_count,
        claims.decision,
        claims.linked_customer_id
    from claims
    inner join customer_keys on claims.customer_id = customer_keys.customer_id
)

select * from final
