with claims as (
    select
        *,
        first_value(customer_id) over (
            partition by identifier_type, identifier
            order by is_undone asc, recorded_at asc nulls last, customer_id asc
        ) as oldest_customer_id,
        count(*) over (partition by identifier_type, identifier) as claim_count
    from {{ ref('int_identity__claims') }}
),

customer_keys as (
    select * from {{ ref('int_identity__customer_keys') }}
),

shared as (
    select *
    from claims
    where claim_count > 1 and customer_id != oldest_customer_id
),

final as (
    select
        shared.link_id,
        shared.customer_id,
        shared.oldest_customer_id as linked_customer_id,
        customer_keys.customer_key,
        case when shared.identifier_type = 'customer_id' then 'explicit_merge' else 'shared_identifier' end as rule,
        shared.identifier_type,
        {{ hash_key('shared.identifier') }} as identifier_md5,
        shared.sharing_count,
        case
            when shared.is_undone then 'undone'
            when shared.is_capped then 'refused'
            else 'joined'
        end as decision,
        shared.claimed_from
    from shared
    inner join customer_keys on shared.customer_id = customer_keys.customer_id
)

select * from final
