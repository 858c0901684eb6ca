{%- set identifiers, customer_keys = ref('int_identity__identifiers'), ref('int_identity__customer_keys') -%}
{%- set previous_identifiers = source('previous_run', 'int_identity__identifiers_previous') -%}
{%- set previous_keys = source('previous_run', 'int_identity__customer_keys_previous') -%}
{%- set where_claim_changed = filter_to_changed('int_changes__claims', '(identifier_type, identifier)') -%}
{%- set where_claimant_changed = filter_to_changed('int_changes__claimants', 'customer_id') -%}
{%- if is_incremental_run() -%}
with previous_owners as (
    select identifier_type, identifier, customer_key, valid_from, valid_to
    from {{ previous_identifiers }}
    union all
    select 'customer_id', customer_id, customer_key, null, null
    from {{ previous_keys }}
),

owners as (
    select identifier_type, identifier, customer_key, valid_from, valid_to
    from {{ identifiers }}
    {{ where_claim_changed }}
    union all
    select 'customer_id', customer_id, customer_key, null, null
    from {{ customer_keys }}
    {{ where_claimant_changed }}
),

differences as (
    (select * from previous_owners except select * from owners)
    union all
    (select * from owners except select * from previous_owners)
),

final as (
    select distinct
        identifier_type,
        identifier
    from differences
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
