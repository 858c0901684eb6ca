with members as (
    select distinct
        neighbourhoods.neighbourhood,
        neighbourhoods.customer_id,
        profiles.known_on,
        profiles.recorded_at,
        md5(neighbourhoods.customer_id) as customer_md5
    from {{ ref('int_identity__neighbourhoods') }} as neighbourhoods
    inner join {{ ref('int_identity__profiles') }} as profiles on neighbourhoods.customer_id = profiles.customer_id
),

records as (
    select
        nights.night,
        members.customer_id,
        members.recorded_at,
        row_number() over (order by members.customer_md5, members.customer_id, nights.night) as record_number
    from members
    inner join {{ ref('int_identity__nights') }} as nights
        on members.neighbourhood = nights.neighbourhood and members.known_on <= nights.night
),

joined_links as (
    select
        records.record_number,
        dense_rank() over (order by claims.night, claims.identifier_type, claims.identifier, claims.owner_number) as identifier_number
    from {{ ref('int_identity__past_claims') }} as claims
    inner join records on claims.night = records.night and claims.customer_id = records.customer_id
    where claims.decision = 'joined'
),

{{ connected_components() }},

components as (
    select
        records.*,
        coalesce(component_labels.label, records.record_number) as component
    from records
    left join component_labels on records.record_number = component_labels.record_number
),

keyed as (
    select
        night,
        customer_id,
        {{ hash_key('customer_id') }} as own_key,
        md5(first_value(customer_id) over (
            partition by component
            order by recorded_at asc nulls last, customer_id asc
        )) as customer_key
    from components
),

with_previous_key as (
    select
        *,
        lag(customer_key) over (partition by customer_id order by night) as previous_customer_key
    from keyed
),

compared as (
    select
        *,
        count(*) over (partition by night, customer_key) as record_count,
        min(coalesce(previous_customer_key, '')) over (partition by night, customer_key) as first_origin,
        max(coalesce(previous_customer_key, '')) over (partition by night, customer_key) as last_origin,
        min(customer_key) over (partition by night, previous_customer_key) as first_destination,
        max(customer_key) over (partition by night, previous_customer_key) as last_destination
    from with_previous_key
),

final as (
    select
        night,
        customer_id,
        own_key,
        customer_key,
        previous_customer_key,
        record_count > 1 and (first_origin != last_origin or first_origin = '') as has_grown,
        previous_customer_key is not null and first_destination != last_destination as has_split
    from compared
)

select * from final
