{#- Contacts that can fulfil the contact plan or count as the last contact (contact fatigue). -#}
with contacts as (
    select
        customer_keys.customer_key,
        {{ to_date('interactions.occurred_at') }} as contacted_on,
        interactions.touchpoint,
        interactions.direction = 'outbound' as is_outbound
    from {{ ref('stg_crm__interactions') }} as interactions
    inner join {{ ref('int_identity__customer_keys') }} as customer_keys
        on interactions.customer_id = customer_keys.customer_id
    where interactions.occurred_at < {{ as_of_timestamp() }}
    union all
    select
        customer_keys.customer_key,
        {{ to_date('interventions.contacted_at') }} as contacted_on,
        'retention' as touchpoint,
        true as is_outbound
    from {{ ref('stg_crm__interventions') }} as interventions
    inner join {{ ref('int_identity__customer_keys') }} as customer_keys
        on interventions.customer_id = customer_keys.customer_id
    where interventions.contacted_at < {{ as_of_timestamp() }}
),

final as (
    select
        customer_key,
        contacted_on,
        coalesce(touchpoint, 'unknown') as touchpoint,
        max(case when is_outbound then 1 else 0 end) = 1 as is_outbound
    from contacts
    where contacted_on >= {{ add_days(as_of_date(), '-' ~ threshold('customer', 'contact_history_days')) }}
    group by customer_key, contacted_on, coalesce(touchpoint, 'unknown')
)

select * from final
