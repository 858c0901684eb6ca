{#- Spells of the records of a neighbourhood, again for each night on which the neighbourhood changed. -#}
with seen as (
    select
        nights.night,
        nights.neighbourhood,
        spells.customer_id,
        spells.identifier_type,
        spells.identifier,
        spells.held_from,
        spells.known_on,
        case when spells.ended_on <= nights.night then spells.held_to end as held_to
    from {{ ref('int_identity__neighbourhoods') }} as neighbourhoods
    inner join {{ ref('int_identity__nights') }} as nights
        on neighbourhoods.neighbourhood = nights.neighbourhood
    inner join {{ ref('int_identity__spells') }} as spells
        on
            neighbourhoods.customer_id = spells.customer_id
            and neighbourhoods.identifier_type = spells.identifier_type
            and neighbourhoods.identifier = spells.identifier
    where spells.known_on <= nights.night
),

claims as (
    select
        night,
        neighbourhood,
        customer_id,
        identifier_type,
        identifier,
        {{ hash_key(['customer_id', 'identifier_type', 'identifier']) }} as link_id,
        min(known_on) as known_on,
        min(held_from) as claimed_from,
        case when count(*) = count(held_to) then max(held_to) end as claimed_to
    from seen
    group by night, neighbourhood, customer_id, identifier_type, identifier
),

undone as (
    select
        link_id,
        min(coalesce(undone_on, date '1900-01-01')) as undone_on
    from {{ ref('identity_undone_links') }}
    group by link_id
),

held as {{ materialized() }} (
    select
        claims.*,
        profiles.recorded_at,
        profiles.name,
        profiles.birth_date,
        coalesce(undone.undone_on <= claims.night, false) as is_undone
    from claims
    left join {{ ref('int_identity__profiles') }} as profiles on claims.customer_id = profiles.customer_id
    left join undone on claims.link_id = undone.link_id
),

{{ judged_claims() }},

final as (
    select
        night,
        link_id,
        customer_id,
        identifier_type,
        identifier,
        claimed_from,
        tenure,
        sharing_count,
        decision,
        lag(decision) over (partition by link_id order by night) as previous_decision,
        linked_customer_id
    from judged
)

select * from final
