{%- set identifiers, customer_keys = ref('int_identity__identifiers'), ref('int_identity__customer_keys') -%}
{%- set where_claim_anew = filter_to_changed('int_changes__claims', '(identifier_type, identifier)') -%}
{%- set where_claimant_anew = filter_to_changed('int_changes__claimants', 'customer_id') -%}
{%- if is_incremental_run() -%}
with before as (
    select identifier_type, identifier, customer_key, valid_from, valid_to
    from {{ previous_version(identifiers) }}
    union all
    select 'customer_id', customer_id, customer_key, null, null
    from {{ previous_version(customer_keys) }}
),

after as (
    select identifier_type, identifier, customer_key, valid_from, valid_to
    from {{ identifiers }}
    {{ where_claim_anew }}
    union all
    select 'customer_id', customer_id, customer_key, null, null
    from {{ customer_keys }}
    {{ where_claimant_anew }}
),

moved as (
    (select * from before except select * from after)
    union all
    (select * from after except select * from before)
),

final as (
    select distinct
        identifier_type,
        identifier
    from moved
)
{%- else -%}
with final as (
    select
        identifier_type,
        identifier
    from {{ identifiers }}
    where false
)
{%- endif %}

select * from final
