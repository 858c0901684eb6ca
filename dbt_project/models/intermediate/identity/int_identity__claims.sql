{{ config(
    materialized='incremental', pre_hook="{{ delete_changed('int_changes__claims', '(identifier_type, identifier)') }}"
) }}
with spells as (
    select * from {{ ref('int_identity__spells') }}
    {%- if is_incremental_run() %}
    where customer_id in (
        select customer_id from {{ ref('int_identity__spells') }}
        {{ filter_to_changed('int_changes__claims', '(identifier_type, identifier)') }}
    )
    {%- endif %}
),

undone as (
    select distinct link_id
    from {{ ref('identity_undone_links') }}
    where undone_on is null or undone_on <= {{ as_of_date() }}
),

claims as (
    select
        customer_id,
        identifier_type,
        identifier,
        {{ hash_key(['customer_id', 'identifier_type', 'identifier']) }} as link_id,
        min(known_on) as known_on,
        min(held_from) as claimed_from,
        case when count(*) = count(held_to) then max(held_to) end as claimed_to
    from spells
    group by customer_id, identifier_type, identifier
),

held as {{ materialized() }} (
    select
        {{ as_of_date() }} as night,
        claims.*,
        profiles.recorded_at,
        profiles.name,
        profiles.birth_date,
        undone.link_id is not null as is_undone
    from claims
    left join {{ ref('int_identity__profiles') }} as profiles on claims.customer_id = profiles.customer_id
    left join undone on claims.link_id = undone.link_id
),

{{ judged_claims() }},

final as (
    select
        link_id,
        customer_id,
        identifier_type,
        identifier,
        known_on,
        claimed_from,
        claimed_to,
        tenure,
        tenure_from,
        tenure_to,
        sharing_count,
        decision,
        linked_customer_id
    from judged
    {{ filter_to_changed('int_changes__claims', '(identifier_type, identifier)') }}
)

select * from final
