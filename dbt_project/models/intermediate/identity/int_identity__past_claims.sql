{#- Repeats the decisions of int_identity__claims for each night on which a neighbourhood changed, with what was known then. -#}
with periods_by_night as (
    select
        nights.night,
        nights.neighbourhood,
        periods.customer_id,
        periods.identifier_type,
        periods.identifier,
        periods.valid_from,
        periods.known_on,
        case when periods.ended_on <= nights.night then periods.valid_to end as valid_to
    from {{ ref('int_identity__neighbourhoods') }} as neighbourhoods
    inner join {{ ref('int_identity__nights') }} as nights
        on neighbourhoods.neighbourhood = nights.neighbourhood
    inner join {{ ref('int_identity__validity_periods') }} as periods
        on
            neighbourhoods.customer_id = periods.customer_id
            and neighbourhoods.identifier_type = periods.identifier_type
            and neighbourhoods.identifier = periods.identifier
    where periods.known_on <= nights.night
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
        min(valid_from) as claimed_from,
        case when count(*) = count(valid_to) then max(valid_to) end as claimed_to
    from periods_by_night
    group by night, neighbourhood, customer_id, identifier_type, identifier
),

undone as (
    select
        link_id,
        min(coalesce(undone_on, date '1900-01-01')) as undone_on
    from {{ ref('identity_undone_links') }}
    group by link_id
),

claims_to_decide as {{ materialized() }} (
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

{{ decide_claims() }},

final as (
    select
        night,
        link_id,
        customer_id,
        identifier_type,
        identifier,
        claimed_from,
        owner_number,
        sharing_count,
        decision,
        lag(decision) over (partition by link_id order by night) as previous_decision,
        linked_customer_id
    from decided_claims
)

select * from final
