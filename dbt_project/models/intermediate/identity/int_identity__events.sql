{{ config(materialized='view') }}
with moves as (
    select * from {{ ref('int_identity__moves') }}
),

claims as (
    select
        *,
        decision = 'joined' and coalesce(previous_decision, '') != 'joined' as is_new,
        decision != 'joined' and previous_decision = 'joined' as is_over
    from {{ ref('int_identity__past_claims') }}
),

{# The link that says most about a record that joined: one that is new that night, an explicit merge before others. #}
joining as (
    select
        *,
        row_number() over (
            partition by night, customer_id
            order by
                case when is_new then 0 else 1 end,
                case when identifier_type = 'customer_id' then 0 else 1 end,
                claimed_from desc, link_id asc
        ) as link_rank
    from claims
    where decision = 'joined'
),

parting as (
    select
        *,
        row_number() over (
            partition by night, customer_id
            order by case when decision = 'alone' then 1 else 0 end, claimed_from desc, link_id asc
        ) as link_rank
    from claims
    where is_over
),

created as (
    select
        profiles.known_on as event_date,
        'created' as event,
        profiles.customer_id,
        coalesce(moves.customer_key, {{ hash_key('profiles.customer_id') }}) as customer_key,
        cast(null as string) as previous_customer_key,
        'new_record' as because,
        cast(null as string) as link_id
    from {{ ref('int_identity__profiles') }} as profiles
    left join moves on profiles.customer_id = moves.customer_id and profiles.known_on = moves.night
),

joined as (
    select
        moves.night as event_date,
        'joined' as event,
        moves.customer_id,
        moves.customer_key,
        moves.previous_customer_key,
        case when joining.identifier_type = 'customer_id' then 'explicit_merge' else 'shared_identifier' end as because,
        joining.link_id
    from moves
    left join joining
        on moves.night = joining.night and moves.customer_id = joining.customer_id and joining.link_rank = 1
    where moves.has_grown and moves.customer_key != coalesce(moves.previous_customer_key, moves.own_key)
),

split as (
    select
        moves.night as event_date,
        'split' as event,
        moves.customer_id,
        moves.customer_key,
        moves.previous_customer_key,
        case
            when parting.decision is null or parting.decision = 'alone' then 'link_of_another_record'
            else parting.decision
        end as because,
        parting.link_id
    from moves
    left join parting
        on moves.night = parting.night and moves.customer_id = parting.customer_id and parting.link_rank = 1
    where moves.has_split and moves.customer_key != moves.previous_customer_key
),

named as (
    select
        night as event_date,
        case when customer_key = own_key then 'key_survived' else 'key_retired' end as event,
        customer_id,
        customer_key,
        previous_customer_key,
        case
            when customer_key != own_key then 'older_record_joined'
            when has_grown then 'oldest_record_of_the_joined'
            else 'oldest_record_stayed'
        end as because,
        cast(null as string) as link_id
    from moves
    where previous_customer_key = own_key and (customer_key != own_key or has_grown or has_split)
),

refused as (
    select
        claims.night as event_date,
        'refused' as event,
        claims.customer_id,
        moves.customer_key,
        moves.previous_customer_key,
        claims.decision as because,
        claims.link_id
    from claims
    inner join moves on claims.night = moves.night and claims.customer_id = moves.customer_id
    where claims.decision not in ('joined', 'alone') and claims.decision != coalesce(claims.previous_decision, '')
),

{# Records of an identifier that was above its cap long before they came. #}
refused_at_once as (
    select
        tonight.known_on as event_date,
        'refused' as event,
        tonight.customer_id,
        customer_keys.customer_key,
        cast(null as string) as previous_customer_key,
        tonight.decision as because,
        tonight.link_id
    from {{ ref('int_identity__claims') }} as tonight
    inner join {{ ref('int_identity__customer_keys') }} as customer_keys on tonight.customer_id = customer_keys.customer_id
    left join (select distinct link_id from claims) as followed on tonight.link_id = followed.link_id
    where tonight.decision = 'too_many' and followed.link_id is null
),

events as (
    {% for event in ['created', 'joined', 'split', 'named', 'refused', 'refused_at_once'] -%}
    select * from {{ event }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (
    select
        events.*,
        claims.linked_customer_id
    from events
    left join claims on events.link_id = claims.link_id and events.event_date = claims.night
)

select * from final
