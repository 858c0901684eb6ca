{{ config(materialized='table') }}
with final as (
    select distinct as_of
    from {{ snapshot_dates() }} as snapshots
)

select * from final
