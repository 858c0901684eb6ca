{{ config(materialized='incremental', pre_hook=[
    "{{ remember_previous('int_changes__claims', '(identifier_type, identifier)') }}",
    "{{ delete_changed('int_changes__claims', '(identifier_type, identifier)') }}",
]) }}
with owners as (
    select
        claims.identifier_type,
        claims.identifier,
        claims.owner_number,
        claims.owner_from as valid_from,
        claims.owner_to as valid_to,
        claims.decision,
        customer_keys.customer_key
    from {{ ref('int_identity__claims') }} as claims
    inner join {{ ref('int_identity__customer_keys') }} as customer_keys on claims.customer_id = customer_keys.customer_id
    where claims.decision in ('joined', 'alone', 'passed_on')
    {{ filter_to_changed('int_changes__claims', '(identifier_type, identifier)', begin='and') }}
),

{# One row per owner of an identifier, each with its validity period. #}
final as (
    select
        identifier_type,
        identifier,
        customer_key,
        valid_from,
        valid_to
    from owners
    where decision != 'joined'
    union all
    select
        identifier_type,
        identifier,
        min(customer_key) as customer_key,
        min(valid_from) as valid_from,
        min(valid_to) as valid_to
    from owners
    where decision = 'joined'
    group by identifier_type, identifier, owner_number
)

select * from final
