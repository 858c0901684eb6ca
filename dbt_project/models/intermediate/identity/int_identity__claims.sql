{{ config(
    materialized='incremental', pre_hook="{{ delete_changed('int_changes__claims', '(identifier_type, identifier)') }}"
) }}
with periods as (
    select * from {{ ref('int_identity__validity_periods') }}
    {%- if is_incremental_run() %}
    where customer_id in (
        select customer_id from {{ ref('int_identity__validity_periods') }}
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
        min(valid_from) as claimed_from,
        case when count(*) = count(valid_to) then max(valid_to) end as claimed_to
    from periods
    group by customer_id, identifier_type, identifier
),

claims_to_decide as {{ materialized() }} (
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

{{ decide_claims() }},

final as (
    select
        link_id,
        customer_id,
        identifier_type,
        identifier,
        known_on,
        claimed_from,
        claimed_to,
        owner_number,
        owner_from,
        owner_to,
        sharing_count,
        decision,
        linked_customer_id
    from decided_claims
    {{ filter_to_changed('int_changes__claims', '(identifier_type, identifier)') }}
)

select * from final
