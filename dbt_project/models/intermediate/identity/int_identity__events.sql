{{ config(materialized='view') }}
with key_history as (
    select * from {{ ref('int_identity__key_history') }}
),

claims as (
    select
        *,
        decision = 'joined' and coalesce(previous_decision, '') != 'joined' as is_new,
        decision != 'joined' and previous_decision = 'joined' as has_ended
    from {{ ref('int_identity__past_claims') }}
),

{# Ranks the links that can explain why a record joined: new links first, then explicit merges. #}
joining_links as (
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

ended_links as (
    select
        *,
        row_number() over (
            partition by night, customer_id
            order by case when decision = 'alone' then 1 else 0 end, claimed_from desc, link_id asc
        ) as link_rank
    from claims
    where has_ended
),

created as (
    select
        profiles.known_on as event_date,
        'created' as event,
        profiles.customer_id,
        coalesce(key_history.customer_key, {{ hash_key('profiles.customer_id') }}) as customer_key,
        cast(null as string) as previous_customer_key,
        'new_record' as because,
        cast(null as string) as link_id
    from {{ ref('int_identity__profiles') }} as profiles
    left join key_history on profiles.customer_id = key_history.customer_id and profiles.known_on = key_history.night
),

joined as (
    select
        key_history.night as event_date,
        'joined' as event,
        key_history.customer_id,
        key_history.customer_key,
        key_history.previous_customer_key,
        case when joining_links.identifier_type = 'customer_id' then 'explicit_merge' else 'shared_identifier' end as because,
        joining_links.link_id
    from key_history
    left join joining_links
        on key_history.night = joining_links.night
        and key_history.customer_id = joining_links.customer_id
        and joining_links.link_rank = 1
    where key_history.has_grown and key_history.customer_key != coalesce(key_history.previous_customer_key, key_history.own_key)
),

split as (
    select
        key_history.night as event_date,
        'split' as event,
        key_history.customer_id,
        key_history.customer_key,
        key_history.previous_customer_key,
        case when coalesce(ended_links.decision, 'alone') = 'alone' then 'link_of_another_record' else ended_links.decision end
            as because,
        ended_links.link_id
    from key_history
    left join ended_links
        on key_history.night = ended_links.night
        and key_history.customer_id = ended_links.customer_id
        and ended_links.link_rank = 1
    where key_history.has_split and key_history.customer_key != key_history.previous_customer_key
),

renamed_keys as (
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
    from key_history
    where previous_customer_key = own_key and (customer_key != own_key or has_grown or has_split)
),

refused as (
    select
        claims.night as event_date,
        'refused' as event,
        claims.customer_id,
        key_history.customer_key,
        key_history.previous_customer_key,
        claims.decision as because,
        claims.link_id
    from claims
    inner join key_history on claims.night = key_history.night and claims.customer_id = key_history.customer_id
    where claims.decision not in ('joined', 'alone') and claims.decision != coalesce(claims.previous_decision, '')
),

{# Records added when their identifier was above its cap, which int_identity__neighbourhoods leaves out. #}
refused_at_once as (
    select
        current_claims.known_on as event_date,
        'refused' as event,
        current_claims.customer_id,
        customer_keys.customer_key,
        cast(null as string) as previous_customer_key,
        current_claims.decision as because,
        current_claims.link_id
    from {{ ref('int_identity__claims') }} as current_claims
    inner join {{ ref('int_identity__customer_keys') }} as customer_keys on current_claims.customer_id = customer_keys.customer_id
    left join (select distinct link_id from claims) as tracked on current_claims.link_id = tracked.link_id
    where current_claims.decision = 'too_many' and tracked.link_id is null
),

events as (
    {% for event in ['created', 'joined', 'split', 'renamed_keys', 'refused', 'refused_at_once'] -%}
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
