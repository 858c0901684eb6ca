{#- CRM records whose links must be recomputed, plus all records of the same persons in the previous run. -#}
{%- set undone_links = ref('identity_undone_links') -%}
{%- set previous_claims = source('previous_run', 'int_identity__claims') -%}
{%- set previous_keys = source('previous_run', 'int_identity__customer_keys') -%}
with accounts as (
    select * from {{ ref('int_changes__accounts') }}
),

validity_periods as (
    select * from {{ ref('int_identity__validity_periods') }}
),

changed_identifiers as (
    select
        periods.identifier_type,
        periods.identifier
    from validity_periods as periods
    inner join accounts on periods.customer_id = accounts.customer_id
    {%- if is_incremental_run() %}
    union
    select
        identifier_type,
        identifier
    from {{ previous_claims }}
    where
        customer_id in (select customer_id from accounts)
        or link_id in (
            select link_id from {{ undone_links }}
            where undone_on > {{ previous_as_of_date() }} and undone_on <= {{ as_of_date() }}
        )
    {%- endif %}
),

claimants as (
    select customer_id from accounts
    union
    select periods.customer_id
    from validity_periods as periods
    inner join changed_identifiers as changed
        on periods.identifier_type = changed.identifier_type and periods.identifier = changed.identifier
),

final as (
    select customer_id from claimants
    {%- if is_incremental_run() %}
    union
    select members.customer_id
    from {{ previous_keys }} as claimant_keys
    inner join {{ previous_keys }} as members on claimant_keys.customer_key = members.customer_key
    where claimant_keys.customer_id in (select customer_id from claimants)
    {%- endif %}
)

select * from final
