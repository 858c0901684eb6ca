{{ config(materialized='incremental', pre_hook=[
    "{{ remember_previous('int_changes__claimants', 'customer_id') }}",
    "{{ delete_changed('int_changes__claimants', 'customer_id') }}",
]) }}
with records as (
    select
        customer_id,
        recorded_at,
        row_number() over (order by md5(customer_id), customer_id) as record_number
    from {{ ref('int_identity__profiles') }}
    {{ filter_to_changed('int_changes__claimants', 'customer_id') }}
),

joined_links as (
    select
        records.record_number,
        dense_rank() over (order by claims.identifier_type, claims.identifier, claims.owner_number) as identifier_number
    from {{ ref('int_identity__claims') }} as claims
    inner join records on claims.customer_id = records.customer_id
    where claims.decision = 'joined'
),

{{ connected_components() }},

components as (
    select
        records.customer_id,
        records.recorded_at,
        coalesce(component_labels.label, records.record_number) as component
    from records
    left join component_labels on records.record_number = component_labels.record_number
),

oldest as (
    select
        customer_id,
        first_value(customer_id) over (
            partition by component
            order by recorded_at asc nulls last, customer_id asc
        ) as oldest_customer_id
    from components
),

final as (
    select
        customer_id,
        {{ hash_key('oldest_customer_id') }} as customer_key
    from oldest
)

select * from final
